import { Command } from 'commander';
import { bagBench } from './bag.js';
import { dayCommand } from './day.js';
import { energyBench } from './energy.js';
import { engineBench } from './engine.js';
import { eventsBench } from './events-bench.js';
import { fleetBench } from './fleet-bench.js';
import { fuzzBench } from './fuzz.js';
import { killBench } from './kill.js';
import { labelsBench } from './labels-bench.js';
import { novelBench } from './novel.js';
import { overloadBench } from './overload.js';
import { picturesBench } from './pictures.js';
import { placesBench } from './places.js';
import { rosBench } from './ros.js';
import { sidesBench } from './sides.js';
import { soakBench } from './soak.js';
import { unknownBench } from './unknown-bench.js';
import { worldBench } from './world-bench.js';

const examples = `
Examples:
  $ npx topspark bench day
  $ npx topspark bench ros --help
`;

/** `topspark bench NAME`: named benchmarks. Each has its own file, which loads the measured code when it runs. */
export function benchCommand(): Command {
  const command = new Command('bench').description('Measure one part on this machine.').addHelpText('after', examples);
  const benchmarks = [
    bagBench(),
    dayCommand(),
    energyBench(),
    engineBench(),
    eventsBench(),
    fleetBench(),
    fuzzBench(),
    killBench(),
    labelsBench(),
    novelBench(),
    overloadBench(),
    picturesBench(),
    placesBench(),
    rosBench(),
    sidesBench(),
    soakBench(),
    unknownBench(),
    worldBench(),
  ];
  for (const benchmark of benchmarks) command.addCommand(benchmark);
  return command;
}
