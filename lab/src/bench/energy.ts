import { Command } from 'commander';
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
import { alternate } from './engine/alternate.js';
import { thisMachine, type Machine } from './engine/machine.js';
import { joulesByTurns, slice } from './energy/joules-by-turns.js';

interface Flags {
  readonly dataset: string;
  readonly neurons: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly wattsPerCore: number;
  readonly sysfs: string;
  readonly json?: true;
}

/** Energy of one sample [J], three ways. */
export interface SampleJoules {
  /** Operations of front end and network × 45 nm CMOS: what a chip for this work would spend. */
  readonly counted: number;
  /** CPU time of this process × the power of a busy core. */
  readonly cpu: number;
  /** Beyond the idle machine, by its meter; `null`: none was read. */
  readonly measured: number | null;
}

/** What `topspark bench energy` prints; the joules of a decision at the top. */
export interface EnergyBenchResult extends SampleJoules {
  /** A sample that is decided, learned and labelled. */
  readonly learned: SampleJoules;
  /** CPU time [s]. */
  readonly seconds: { readonly decided: number; readonly learned: number };
  readonly neurons: number;
  readonly dataset: string;
  readonly wattsPerCore: number;
  /** What was read, and of what; or why nothing was. */
  readonly meter: { readonly source: string; readonly covers: string; readonly idlePower: number } | null;
  readonly why?: string;
  readonly machine: Machine;
}

/** Samples that the network learns before it is measured. */
const warmUp = 20_000;

const examples = `
Examples:
  $ npx topspark bench energy
  $ sudo chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj && npx topspark bench energy --json
Ends with 3 where no energy meter can be read: joules are counted and estimated then, not measured.
`;

/** `topspark bench energy`: joules of a decision and of a learned sample, counted, by CPU time, and measured. */
export function energyBench(): Command {
  return new Command('energy')
    .description('Joules of a decision and of a learned sample: counted, by CPU time, measured. Needs no ROS.')
    .option('--dataset <name>', 'mnist, fashion-mnist or a folder of pictures', 'mnist')
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .option('--rounds <n>', 'rounds of idling, deciding, learning; the median counts', number, 7)
    .option('--seconds <s>', 'length of each turn', number, 2)
    .option('--watts-per-core <W>', 'power of a busy core, for the estimate by CPU time', number, 2)
    .option('--sysfs <folder>', 'where the kernel shows its energy meters', '/sys')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

function run(flags: Flags): void {
  const { neurons, rounds, seconds, wattsPerCore, json } = flags;
  checkInteger('--neurons', neurons, 10, 6400);
  checkInteger('--rounds', rounds, 1, 1000);
  checkNumber('--seconds', seconds, 0.01, 3600);
  checkNumber('--watts-per-core', wattsPerCore, 0, 1000);
  const result = measure(flags, loadDataset(flags.dataset));
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : tables(result));
  if (result.meter !== null) return;
  process.stderr.write(`no joules were measured: ${result.why ?? ''}\n`);
  process.exitCode = exitCodes.data;
}

/** Shows so many more pictures to one network, as a camera's node does: picture in, edges, answer; learning with every label. */
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

function measure({ neurons, rounds, seconds, wattsPerCore, sysfs }: Flags, dataset: Dataset): EnergyBenchResult {
  const bar = new Progress('bench energy', warmUp + rounds * 5, process.stderr);
  const step = (): void => {
    bar.advance(1);
  };
  try {
    const present = subject(dataset, neurons);
    present(warmUp, true, bar.advance.bind(bar));
    const [decide, learn] = [false, true].map((learned) => ({
      name: learned ? 'learned' : 'decided',
      run: (samples: number): void => void present(samples, learned),
    }));
    const table = costTables.cmos45;
    const counted = [false, true].map((learned) => joules(present(1000, learned).operationsPerSample(), table));
    const timings = alternate([decide, learn], { rounds, milliseconds: Math.min(1000 * seconds, 200) }, step);
    const times = timings.map(({ median }) => median * 1e-6);
    const work = [decide, learn].map((each, k) => ({ ...each, batch: Math.max(1, Math.floor(slice / times[k])) }));
    const read = readMeter(sysfs, (meter) => joulesByTurns(work, { meter, now, idle }, rounds, seconds, step));
    const joulesOf = (k: number): SampleJoules => ({
      counted: counted[k],
      cpu: times[k] * wattsPerCore,
      measured: read.found?.joules[k].perSample ?? null,
    });
    return {
      ...joulesOf(0),
      learned: joulesOf(1),
      seconds: { decided: times[0], learned: times[1] },
      ...{ neurons, dataset: dataset.name, wattsPerCore },
      meter: read.found ? { ...read.meter, idlePower: read.found.idlePower } : null,
      ...(read.why !== undefined && { why: read.why }),
      machine: thisMachine(),
    };
  } finally {
    bar.end();
  }
}

const now = (): number => performance.now() / 1000;
const bell = new Int32Array(new SharedArrayBuffer(4));
const idle = (seconds: number): void => void Atomics.wait(bell, 0, 0, seconds * 1000);

type Found = ReturnType<typeof joulesByTurns>;
type Read =
  | {
      readonly found: Found;
      readonly meter: { readonly source: string; readonly covers: string };
      readonly why?: never;
    }
  | { readonly found?: never; readonly meter?: never; readonly why: string };

// The best meter of this machine that tells to the end; the battery is none, since it feeds the whole robot.
function readMeter(sysfs: string, measured: (meter: EnergyMeter) => Found): Read {
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
      const found = measured(meter);
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
  const rows = [row('decided', decided, seconds.decided), row('learned', learned, seconds.learned)];
  return `${where}. ${by}\n\n${markdownTable(head, rows)}`;
}
