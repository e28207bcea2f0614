import { setTimeout } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { checkInteger, checkNumber, exitCodes, TopsparkError } from 'topspark/base/errors.js';
import { Random } from 'topspark/base/random.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import { costTables, joules } from 'topspark/energy/energy-account.js';
import type { EnergyMeter } from 'topspark/energy/energy-meter.js';
import { hwmonRails } from 'topspark/energy/hwmon-rails.js';
import { iioRails } from 'topspark/energy/iio-rails.js';
import { RailMeter } from 'topspark/energy/rail-meter.js';
import { RaplMeter } from 'topspark/energy/rapl-meter.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { loadDataset, type Dataset } from '../datasets/dataset.js';
import { markdownTable, short } from '../report/markdown-table.js';
import type { Meter } from '../training/meter.js';
import { presentSamples } from '../training/present-samples.js';
import { orderOf, SampleStream } from '../training/sample-stream.js';
import type { Contestant } from './contestant.js';
import { alternate, median } from './engine/alternate.js';
import { thisMachine, type Machine } from './engine/machine.js';
import { joulesByTurns, slice, type MeteredWork } from './energy/joules-by-turns.js';
import { environmentsFolder } from './python-environment.js';
import { isSimulator, simulators, startSimulator, type SimulatorName } from './simulators.js';

interface Flags {
  readonly dataset: string;
  readonly neurons: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly wattsPerCore: number;
  readonly sysfs: string;
  readonly peers: readonly SimulatorName[];
  readonly peerSamples: number;
  readonly environments: string;
  readonly json?: true;
}

/** Energy of one sample [J] by three methods. */
export interface SampleJoules {
  /** Operations of front end and network × 45 nm CMOS: what a chip for this work would need. */
  readonly counted: number;
  /** CPU time of this process × the power of a busy core. */
  readonly cpu: number;
  /** Energy beyond that of the idle machine, by its meter; `null`: no meter was read. */
  readonly measured: number | null;
}

/** Energy of one sample in another simulator [J]; operations are not counted there. */
export interface SimulatorJoules {
  readonly name: SimulatorName;
  readonly learned: boolean;
  readonly cpu: number;
  readonly measured: number | null;
  /** CPU time [s]. */
  readonly seconds: number;
}

/** Output of `topspark bench energy`; the joules of a decision are at the top. */
export interface EnergyBenchResult extends SampleJoules {
  /** Joules of a sample that is decided, learned and labelled. */
  readonly learned: SampleJoules;
  /** CPU time [s]. */
  readonly seconds: { readonly decided: number; readonly learned: number };
  /** The network of Diehl & Cook in the requested simulators, T = 350, MNIST as spikes. */
  readonly peers: readonly SimulatorJoules[];
  readonly neurons: number;
  readonly dataset: string;
  readonly wattsPerCore: number;
  /** The meter that was read, or why none was. */
  readonly meter: { readonly source: string; readonly covers: string; readonly idlePower: number } | null;
  readonly why?: string;
  readonly machine: Machine;
}

/** Samples that the network learns before it is measured. */
const warmUp = 20_000;

const examples = `
Examples:
  $ npx topspark bench energy
  $ npx topspark bench energy --peers bindsnet,brian2,nest      # installs them first: 6.5 GB
  $ sudo chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj && npx topspark bench energy --json
Ends with 3 where no energy meter can be read: joules are counted and estimated then, not measured.
`;

/** `topspark bench energy`: joules of a decision and of a learned sample: counted, by CPU time, and measured. */
export function energyBench(): Command {
  return new Command('energy')
    .description('Joules of a decision and of a learned sample: counted, by CPU time, measured. Needs no ROS.')
    .option('--dataset <name>', 'mnist, fashion-mnist or a folder of pictures', 'mnist')
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .option('--rounds <n>', 'rounds of idling, deciding, learning; the median counts', number, 7)
    .option('--seconds <s>', 'length of each turn', number, 2)
    .option('--watts-per-core <W>', 'power of a busy core, for the estimate by CPU time', number, 2)
    .option('--sysfs <folder>', 'where the kernel shows its energy meters', '/sys')
    .option('--peers <names>', `other simulators, of ${Object.keys(simulators).join(', ')}`, simulatorNames, [])
    .option('--peer-samples <n>', 'samples that a simulator presents in one go', number, 5)
    .option('--environments <folder>', 'where virtual environments of the simulators are made', environmentsFolder)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { neurons, rounds, seconds, wattsPerCore, peerSamples, json } = flags;
  checkInteger('--neurons', neurons, 10, 6400);
  checkInteger('--rounds', rounds, 1, 1000);
  checkNumber('--seconds', seconds, 0.01, 3600);
  checkNumber('--watts-per-core', wattsPerCore, 0, 1000);
  checkInteger('--peer-samples', peerSamples, 1, 1000);
  const result = await measure(flags, loadDataset(flags.dataset));
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : tables(result));
  if (result.meter !== null) return;
  process.stderr.write(`no joules were measured: ${result.why ?? ''}\n`);
  process.exitCode = exitCodes.data;
}

function simulatorNames(text: string): SimulatorName[] {
  return text.split(',').map((name) => {
    if (isSimulator(name)) return name;
    throw new InvalidArgumentError(`expected some of ${Object.keys(simulators).join(', ')}`);
  });
}

/**
 * Presents further pictures to one network, as a node does with a camera: picture in, edges, answer; if it learns, a
 * label for each.
 */
type Present = (count: number, learn: boolean, progress?: (done: number) => void) => Meter;

function subject(dataset: Dataset, neurons: number): Present {
  const stream = new SampleStream(dataset, 'edges');
  const { rows, columns, polarity } = stream;
  const classifier = new OnlineClassifier({ neurons, rows, columns, polarity, classes: dataset.classNames.length });
  const order = orderOf(dataset, new Random(1));
  const common = { stream, classifier, point: leanPoint(neurons), split: dataset.train, order };
  return (count, learn, progress = () => undefined) =>
    presentSamples({ ...common, count, progress, ...(learn && { labels: () => true }) });
}

async function measure(flags: Flags, dataset: Dataset): Promise<EnergyBenchResult> {
  const { neurons, rounds, seconds, wattsPerCore, sysfs } = flags;
  const racers = await startPeers(flags);
  const bar = new Progress('bench energy', warmUp + rounds * (5 + 2 * racers.length), process.stderr);
  const step = (): void => {
    bar.advance(1);
  };
  try {
    const present = subject(dataset, neurons);
    present(warmUp, true, bar.advance.bind(bar));
    const [decide, learn] = [false, true].map((learned) => ({
      name: learned ? 'learned' : 'decided',
      run: (samples: number): number => present(samples, learned).samples,
    }));
    const table = costTables.cmos45;
    const counted = [false, true].map((learned) => joules(present(1000, learned).operationsPerSample(), table));
    const timings = alternate([decide, learn], { rounds, milliseconds: Math.min(1000 * seconds, 200) }, step);
    const times = timings.map((each) => each.median * 1e-6);
    for (let round = 0; round < rounds; round++) {
      for (const racer of racers) {
        await racer.run(flags.peerSamples);
        step();
      }
    }
    const work = [decide, learn].map((each, k) => ({ ...each, batch: Math.max(1, Math.floor(slice / times[k])) }));
    const read = await readMeter(sysfs, (meter) =>
      joulesByTurns([...work, ...racers], { meter, now, idle, later }, rounds, seconds, step),
    );
    const measured = (k: number): number | null => read.found?.joules[k].perSample ?? null;
    const joulesOf = (k: number): SampleJoules => ({
      counted: counted[k],
      cpu: times[k] * wattsPerCore,
      measured: measured(k),
    });
    return {
      ...joulesOf(0),
      learned: joulesOf(1),
      seconds: { decided: times[0], learned: times[1] },
      peers: racers.map(({ name, learned, cpuTimes }, k) => {
        const time = median(cpuTimes);
        return { name, learned, cpu: time * wattsPerCore, measured: measured(work.length + k), seconds: time };
      }),
      neurons,
      dataset: dataset.name,
      wattsPerCore,
      meter: read.found ? { ...read.meter, idlePower: read.found.idlePower } : null,
      ...(read.why !== undefined && { why: read.why }),
      machine: thisMachine(),
    };
  } finally {
    for (const { contestant } of racers) contestant.end();
    bar.end();
  }
}

/** A simulator in a process of its own, which decides or learns. */
interface Racer extends MeteredWork {
  readonly name: SimulatorName;
  readonly learned: boolean;
  readonly contestant: Contestant;
  /** CPU times of a sample [s], one for each piece of work: its median. */
  readonly cpuTimes: number[];
}

async function startPeers({ peers, neurons, peerSamples, environments }: Flags): Promise<Racer[]> {
  const racers: Racer[] = [];
  for (const name of peers) {
    for (const learned of [false, true]) {
      process.stderr.write(`starting ${name}, ${learned ? 'learning' : 'deciding'}\n`);
      const mode = learned ? 'train' : 'infer';
      const contestant = startSimulator(name, { mode, neurons, timesteps: 350, environments });
      await contestant.ready();
      const cpuTimes: number[] = [];
      const run = async (samples: number): Promise<number> => {
        const { cpu_ms: times } = await contestant.present(samples);
        cpuTimes.push(median(times) / 1000);
        return times.length;
      };
      racers.push({ name, learned, contestant, cpuTimes, run, batch: peerSamples });
    }
  }
  return racers;
}

const now = (): number => performance.now() / 1000;
const bell = new Int32Array(new SharedArrayBuffer(4));
const idle = (seconds: number): void => void Atomics.wait(bell, 0, 0, seconds * 1000);
const later = (seconds: number): Promise<void> => setTimeout(seconds * 1000);

type Found = Awaited<ReturnType<typeof joulesByTurns>>;
type Read =
  | {
      readonly found: Found;
      readonly meter: { readonly source: string; readonly covers: string };
      readonly why?: never;
    }
  | { readonly found?: never; readonly meter?: never; readonly why: string };

// Finds the best meter of this machine that works to the end. The battery is not used, since it feeds the whole robot.
async function readMeter(sysfs: string, measured: (meter: EnergyMeter) => Promise<Found>): Promise<Read> {
  const openers = [
    () => RaplMeter.open(sysfs, now()),
    () => RailMeter.open('hwmon', hwmonRails(sysfs), [], now()),
    () => RailMeter.open('iio', iioRails(sysfs), [], now()),
  ];
  const missing: string[] = [];
  for (const open of openers) {
    const meter = open();
    if (typeof meter === 'string') {
      missing.push(meter);
      continue;
    }
    try {
      const found = await measured(meter);
      // A virtual machine may show a counter that never moves.
      if (found.idlePower > 0) return { found, meter: { source: meter.source, covers: meter.covers } };
      missing.push(`${meter.source} (${meter.covers}) stood still`);
    } catch (error) {
      if (!(error instanceof TopsparkError) || error.code !== 'energy_source_lost') throw error;
      missing.push(error.message);
    }
  }
  return { why: `${missing.join('; ')} (looked in ${sysfs}; docs/energy.md says how a meter is made readable)` };
}

function tables({
  learned,
  meter,
  machine,
  neurons,
  dataset,
  wattsPerCore,
  seconds,
  peers,
  ...decided
}: EnergyBenchResult): string {
  const cell = (value: number | null): string => (value === null ? '–' : short(value * 1e6));
  const row = (name: string, { counted, cpu, measured }: SampleJoules, time: number): string[] => [
    ...[name, cell(counted), short(time * 1e6), cell(cpu), cell(measured)],
    measured === null ? '–' : short(measured / counted),
  ];
  const head = ['a sample', 'counted µJ', 'CPU µs', `µJ at ${wattsPerCore} W a core`, 'measured µJ', '÷ counted'];
  const by = meter ? `Measured by ${meter.source} (${meter.covers}), ${meter.idlePower.toFixed(2)} W idle.` : '';
  const where = `${dataset}, N = ${neurons}, ${machine.processor}, ${machine.cores} cores, load ${machine.load}`;
  const rows = [
    row('decided', decided, seconds.decided),
    row('learned', learned, seconds.learned),
    ...peers.map((each) => [
      ...[`${each.name}, ${each.learned ? 'learned' : 'decided'}`, '–', short(each.seconds * 1e6), cell(each.cpu)],
      ...[cell(each.measured), '–'],
    ]),
  ];
  return `${where}. ${by}\n\n${markdownTable(head, rows)}`;
}
