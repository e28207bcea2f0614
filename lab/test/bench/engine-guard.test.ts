import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { alternate, type Contender } from '../../src/bench/engine/alternate.js';
import { openProbe, probeAt } from '../../src/bench/engine/probe.js';
import type { Samples } from '../../src/bench/engine/samples.js';
import { leanBenchPoint, Subject } from '../../src/bench/engine/subject.js';
import { digits } from '../../../test/reference/sources.js';

// Fails for a slower engine, but not on a slower machine. Every bound is a ratio of CPU times that are measured in turn
// in this process, most of them against a loop that only reads and adds as many weights. The lowest round counts, since
// other work on the machine can only add time. Bounds are about twice the ratios measured when they were set (in
// brackets), so noise passes, and a doubled cost fails.

const count = 200;

function golden(): Samples {
  const draw = digits();
  const random = new Random(1);
  const drawn = Array.from({ length: count }, (_, k) => draw(k, random));
  const names = Array.from({ length: 10 }, (_, c) => String(c));
  const size = { rows: 28, columns: 28, polarity: true, classNames: names, count };
  return { ...size, at: (k) => drawn[k].pixels, label: (k) => drawn[k].name };
}

const timed = { policy: 'rate', encoding: 'poisson', seed: 1 } as const;

/** Networks by name. The number is the varied size. */
function subjects(): Record<string, Subject> {
  const samples = golden();
  const lean = (neurons: number, other = {}): Subject =>
    new Subject('lean', samples, { neurons, point: leanBenchPoint(neurons, other), warmUp: 3000 });
  const inTime = (neurons: number, timesteps: number): Subject =>
    new Subject('in time', samples, { neurons, point: leanBenchPoint(neurons, { timesteps }), timed, warmUp: 20 });
  return {
    lean: lean(180),
    leanE100: lean(180, { events: 100 }),
    leanE800: lean(180, { events: 800 }),
    leanT1000: lean(180, { timesteps: 1000 }),
    timed350: inTime(400, 350),
    timed50: inTime(400, 50),
    timed50N1600: inTime(1600, 50),
  };
}

const modes = ['train', 'infer'] as const;
type Both = Readonly<Record<(typeof modes)[number], number>>;

/** Bounds of the cost, as multiples of a loop that reads and adds as many weights. */
const overReading: Readonly<Record<string, Both>> = {
  lean: { train: 25, infer: 17 }, // [12, 8.5]: 12,000 weights do not hide the other work of lean
  timed350: { train: 8, infer: 7 }, // [3.8, 3.4]
  timed50: { train: 7, infer: 5 }, // [3.5, 2.4]
  timed50N1600: { train: 5, infer: 4.5 }, // [2.3, 2.2]
};

/** Bounds of the cost of one network as a multiple of another, in training and in inference. */
const growth = [
  ['8 times the events', 'leanE800', 'leanE100', 3], // [1.5, 1.3]: the image is read once in both
  ['29 times the timesteps of lean', 'leanT1000', 'lean', 6], // [2.3, 3.0]: steps are short, with few neurons
  ['7 times the timesteps, 2.6 times the spikes', 'timed350', 'timed50', 7], // [2.9, 3.7]
  ['4 times the neurons', 'timed50N1600', 'timed50', 6], // [2.7, 3.6]
  // [0.048, 0.033]: 235 µs and 11 µs, of which a label takes 4, to judge it and to keep its sample. Before class
  // neurons it was [0.022, 0.018].
  ['another presentation: T = 350 over lean, upside down', 'lean', 'timed350', 0.07],
] as const;

const lowest: Record<string, number> = {};
let weights: number;
let used: number;

const costs = (name: string, mode: string): number => lowest[`${name} ${mode}`];
const overReadingOf = (name: string, mode: string): number => costs(name, mode) / lowest[`${name} reading`];
const ratio = (more: string, less: string, mode: string): number => costs(more, mode) / costs(less, mode);
const allHold = (): boolean =>
  modes.every(
    (mode) =>
      Object.entries(overReading).every(([name, most]) => overReadingOf(name, mode) < most[mode]) &&
      growth.every(([, more, less, most]) => ratio(more, less, mode) < most),
  );

beforeAll(() => {
  const measured = subjects();
  const found = Object.entries(measured);
  const probe = openProbe();
  // 24,000 weights, which fit into the second-level cache, as rows do.
  const reading: Contender = { name: 'probe', run: (turns) => probe.addRows(probeAt, 96_000, turns) };
  const contenders = [...found.flatMap(([, { train, infer }]) => [train, infer]), reading];
  const reads = found.map(([, subject]) => subject.operations(false, 50).synapticEvents);
  weights = measured['lean'].operations(false, 50).synapticEvents;
  used = measured['lean'].classifier.neuronsUsed;
  const keep = (name: string, value: number): void => {
    lowest[name] = Math.min(value, lowest[name] ?? Infinity);
  };
  // V8 compiles meanwhile, and the machine has other work: after a missed bound, more rounds are measured.
  for (let attempt = 0; attempt < 10 && (attempt === 0 || !allHold()); attempt++) {
    const timings = alternate(contenders, { rounds: 7, milliseconds: 4 }, () => undefined);
    found.forEach(([name], k) => {
      keep(`${name} train`, timings[2 * k].low);
      keep(`${name} infer`, timings[2 * k + 1].low);
      keep(`${name} reading`, ((timings.at(-1)?.low ?? NaN) / 24_000) * reads[k]);
    });
  }
}, 120_000);

describe('the cost per weight that the engine reads, against reading and adding a weight', () => {
  it.each(Object.entries(overReading))('stays within the bound of %s: %o', (name, most) => {
    for (const mode of modes) expect(overReadingOf(name, mode), mode).toBeLessThan(most[mode]);
  });
});

describe('the growth of the cost of a sample', () => {
  it.each(growth)('stays within its bound for %s', (_, more, less, most) => {
    for (const mode of modes) expect(ratio(more, less, mode), mode).toBeLessThan(most);
  });
});

describe('the weights that a lean sample reads', () => {
  it('are those of the first eighth of events for all neurons, and of the rest for kept neurons', () => {
    // E = 200, K = 45, and at most 180 formed neurons.
    expect(weights).toBe(25 * used + 175 * 45);
  });
});
