// @ts-check
// The network of Diehl & Cook in other simulators compared with ours: same data, T and batch size 1, CPU time, in turns
// in one run.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Contestant } from '../../dist/bench/contestant.js';
import { median } from '../../dist/bench/engine/alternate.js';
import { thisMachine } from '../../dist/bench/engine/machine.js';
import { environmentsFolder } from '../../dist/bench/python-environment.js';
import { contestantEnvironment, isSimulator, simulators, startSimulator } from '../../dist/bench/simulators.js';
import { markdownTable, short } from '../../dist/report/markdown-table.js';
import { ratios, spread, words } from '../ratios.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

const ours = /** @type {const} */ (['none', 'lean']);
const modes = /** @type {const} */ (['train', 'infer']);

const usage = `node lab/bench/peers/run.mjs [options]
  --peers NAMES     of ${Object.keys(simulators).join(', ')}  (bindsnet,brian2,nest)
  --neurons N       (400)
  --timesteps T     (350)
  --rounds N        (5)
  --samples N       presented by each in each round (20)
  --environments F  where the virtual environments are made (lab/bench/peers/.venv)
  --json            one JSON object on standard output
`;

const text = /** @param {string} value */ (value) => /** @type {const} */ ({ type: 'string', default: value });
const { values: given } = parseArgs({
  options: {
    peers: text('bindsnet,brian2,nest'),
    neurons: text('400'),
    timesteps: text('350'),
    rounds: text('5'),
    samples: text('20'),
    environments: text(environmentsFolder),
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const asked = given.peers.split(',');
const names = asked.filter(isSimulator);
const unknown = asked.find((name) => !isSimulator(name));
if (given.help || unknown !== undefined) {
  if (unknown !== undefined) process.stderr.write(`peer ${unknown}, expected: ${Object.keys(simulators).join(', ')}\n`);
  (given.help ? process.stdout : process.stderr).write(usage);
  process.exit(given.help ? 0 : 2);
}

const [neurons, timesteps] = [Number(given.neurons), Number(given.timesteps)];
const rounds = Number(given.rounds);

/** @type {{ name: string, mode: 'train' | 'infer', start: () => Contestant }[]} */
const starts = [];
for (const mode of modes) {
  for (const name of names) {
    const setup = { mode, neurons, timesteps, environments: given.environments };
    starts.push({ name, mode, start: () => startSimulator(name, setup) });
  }
  for (const way of ours) {
    const args = [
      join(here, '..', 'ours.mjs'),
      '--way',
      way,
      '--mode',
      mode,
      '--neurons',
      given.neurons,
      '--timesteps',
      given.timesteps,
    ];
    starts.push({ name: way, mode, start: () => new Contestant(way, process.execPath, args, contestantEnvironment()) });
  }
}

const machine = thisMachine();
/** @type {{ name: string, mode: 'train' | 'infer', contestant: Contestant, startSeconds: number, cost: number[], last: import('../../dist/bench/contestant.js').ContestantAnswer | undefined }[]} */
const field = [];
for (const { name, mode, start } of starts) {
  process.stderr.write(`starting ${name}, ${mode}\n`);
  const contestant = start();
  const { start_seconds: startSeconds } = await contestant.ready();
  field.push({ name, mode, contestant, startSeconds, cost: [], last: undefined });
}
for (let round = 0; round < rounds; round++) {
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  for (const one of field) {
    one.last = await one.contestant.present(Number(given.samples));
    one.cost.push(median(one.last.cpu_ms));
  }
}
for (const { contestant } of field) contestant.end();

const results = field.map(({ name, mode, startSeconds, cost, last }) => {
  /** @param {string} way */
  const over = (way) => ratios(cost, field.find((one) => one.name === way && one.mode === mode)?.cost ?? []);
  return {
    ...{ name, mode, startSeconds, memoryMb: last?.memory_mb },
    ...{ inputSpikes: last?.input_spikes, outputSpikes: last?.output_spikes },
    millisecondsPerSample: spread(cost),
    drawingMilliseconds: last?.drawing_ms,
    overSpikesInTime: over('none'),
    overLean: over('lean'),
  };
});
const result = { machine, neurons, timesteps, rounds, results };
process.stdout.write(given.json ? `${JSON.stringify(result)}\n` : table(result));

/** @param {typeof result} told */
function table({ neurons, timesteps, results: lines }) {
  const rows = lines.map(({ name, mode, inputSpikes, outputSpikes = NaN, memoryMb, ...line }) => {
    const { median: milliseconds, low, high } = line.millisecondsPerSample;
    const [middle, least, most] = [milliseconds, low, high].map((value) => short(1000 * value));
    const spikes = `${inputSpikes?.toFixed(0) ?? '–'} / ${outputSpikes.toFixed(1)}`;
    const over = [words(line.overSpikesInTime), words(line.overLean)];
    const training = mode === 'train' ? 'training' : 'inference';
    return [training, name, `${middle} (${least}–${most})`, ...over, spikes, `${memoryMb?.toFixed(0)} MB`];
  });
  const drawing = lines
    .filter((line) => line.drawingMilliseconds !== undefined)
    .map(({ name, mode, drawingMilliseconds = NaN }) => `${name}, ${mode}: ${short(1000 * drawingMilliseconds)} µs`);
  const note = drawing.length > 0 ? `\nOf this for drawing the input: ${drawing.join('; ')}.\n` : '';
  const head = ['mode', 'who', 'CPU µs per sample', '÷ ours in time', '÷ lean', 'spikes in / out', 'memory'];
  const title = `N = ${neurons}, T = ${timesteps} (lean 35), medians of ${rounds} rounds (range)`;
  return `${title}\n\n${markdownTable(head, rows)}${note}`;
}
