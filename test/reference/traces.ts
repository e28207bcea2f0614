import { Random } from '../../src/base/random.js';
import type { Learning } from '../../src/snn/presentation.js';
import type { OperatingPoint } from '../../src/timestep/policy/operating-point.js';
import { digits, extremes, prototypes, type Source } from './sources.js';

/** A recorded run of a small network. All input follows from the seed. */
export interface Trace {
  readonly name: string;
  readonly neurons: number;
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  readonly memory: number;
  readonly polarity: boolean;
  readonly samples: number;
  readonly seed: number;
  readonly source: Source;
  /** Used in turn, each for `block` samples. */
  readonly points: readonly OperatingPoint[];
  readonly block: number;
  readonly learn: (k: number) => Learning;
  /** Share of labelled samples, and the largest delay of a label in samples. */
  readonly labels: number;
  readonly lag: number;
  /** Class neurons learn from unlabelled samples, too. */
  readonly selfLearning?: boolean;
  /** Samples are vectors of features. */
  readonly features?: boolean;
}

/** One sample of a trace and the labels that come after it. */
export interface TraceStep {
  readonly pixels: Uint8Array;
  readonly stamp: bigint;
  readonly point: OperatingPoint;
  readonly learn: Learning;
  readonly labels: readonly { readonly stamp: bigint; readonly name: string }[];
}

const point = (timesteps = 35, events = 200, keep = 48, exitFirst = 0, exit = 0): OperatingPoint => ({
  timesteps,
  events,
  keep,
  exitFirst,
  exit,
});

const plain = {
  memory: 256,
  polarity: false,
  points: [point()],
  block: 1,
  learn: (): Learning => true,
  labels: 1,
  lag: 0,
};

const anyClass = (_: number, random: Random): number => random.below(1 << 20);

/** Together they take every path of the method, which the test of the kernel checks. */
export const traces: readonly Trace[] = [
  {
    ...plain,
    name: 'digits, all labels at once',
    ...{ neurons: 60, rows: 28, columns: 28, classes: 10, samples: 300, seed: 1, polarity: true },
    ...{ source: digits(), points: [point(35, 200, 15)] },
  },
  {
    ...plain,
    name: 'digits, the point changes, learning on and off, exits',
    ...{ neurons: 50, rows: 28, columns: 28, classes: 64, samples: 330, seed: 2, polarity: true },
    source: digits(),
    points: [
      ...[point(1, 8, 1), point(5, 50, 7), point(16, 150, 24, 6, 3), point(35, 401, 6400), point(350, 200, 12)],
      ...[point(1000, 65535, 10), point(8, 100, 24, 4, 1), point(35, 200, 20, 2, 0.5), point(35, 75, 20, 0, 6)],
      ...[point(35, 75, 20, 0, 2), point(35, 200, 20, 0, 4)],
    ],
    block: 3,
    learn: (k) => k < 150 || k % 2 === 0,
  },
  {
    ...plain,
    name: 'one row of 37, labels late and out of order, some too late',
    ...{ neurons: 13, rows: 1, columns: 37, classes: 6, memory: 24, samples: 800, seed: 3 },
    selfLearning: true,
    ...{ source: prototypes(37, 7, anyClass), labels: 0.5, lag: 30, points: [point(), point(16, 100, 9)] },
  },
  {
    ...plain,
    name: '13 × 77 inputs, no labels',
    ...{ neurons: 21, rows: 13, columns: 77, classes: 5, samples: 150, seed: 4, labels: 0 },
    source: prototypes(1001, 12, anyClass),
  },
  {
    ...plain,
    name: 'the world changes: alarm and renewals',
    ...{ neurons: 20, rows: 2, columns: 9, classes: 8, samples: 2200, seed: 5, points: [point(35, 64, 10)] },
    ...{ source: changed(1600, 8), lag: 2 },
  },
  {
    ...plain,
    name: 'two of four classes change places: alarms of classes',
    ...{ neurons: 12, rows: 2, columns: 9, classes: 4, samples: 1600, seed: 5, points: [point(35, 64, 10)] },
    ...{ source: changed(1100, 4, 2), lag: 2 },
  },
  {
    ...plain,
    name: 'the world changes and few labels tell: renewals without a label',
    ...{ neurons: 80, rows: 2, columns: 20, classes: 4, samples: 4500, seed: 11, points: [point(35, 64, 20)] },
    ...{ source: replaced(3500, 4), labels: 0.3, lag: 2 },
  },
  {
    ...plain,
    name: 'classes one after the other: fair share',
    ...{ neurons: 14, rows: 3, columns: 7, classes: 5, samples: 600, seed: 6, points: [point(35, 100, 10)] },
    ...{ source: prototypes(21, 5, (k) => Math.floor(k / 120)), lag: 3 },
  },
  {
    ...plain,
    name: 'a long life of few neurons: weights are rewritten',
    ...{ neurons: 10, rows: 1, columns: 9, classes: 3, samples: 3000, seed: 7, points: [point(35, 40, 10)] },
    ...{ source: prototypes(9, 3, anyClass), labels: 0.1 },
  },
  {
    ...plain,
    name: 'blank, one pixel, full, noise',
    ...{ neurons: 11, rows: 5, columns: 9, classes: 6, samples: 500, seed: 8, polarity: true, labels: 0.5, lag: 5 },
    ...{ source: extremes(45), points: [point(), point(35, 9, 3), point(5, 33, 11)], block: 7 },
  },
  {
    ...plain,
    name: 'only what is novel: familiar samples, two classes change places, labels late',
    ...{ neurons: 40, rows: 2, columns: 9, classes: 3, samples: 3200, seed: 12, points: [point(35, 64, 20)] },
    ...{ source: changed(2500, 3, 2), labels: 0.5, lag: 4, learn: () => 'novel' },
  },
  {
    ...plain,
    name: 'noise on 130 neurons',
    ...{ neurons: 130, rows: 10, columns: 13, classes: 9, samples: 400, seed: 9, labels: 0.3, selfLearning: true },
    source: prototypes(130, 200, anyClass),
  },
  {
    ...plain,
    name: 'vectors of features, few labels',
    ...{ neurons: 30, rows: 1, columns: 120, classes: 9, samples: 900, seed: 13, labels: 0.03, lag: 4 },
    ...{ selfLearning: true, features: true, learn: (k: number) => k % 5 !== 4, source: prototypes(120, 9, anyClass) },
  },
];

// The first `among` classes swap their names at sample `at`.
function changed(at: number, classes: number, among = classes): Source {
  const source = prototypes(18, classes, anyClass);
  return (k, random) => {
    const { pixels, name } = source(k, random);
    const number = Number(name.slice('class '.length));
    return { pixels, name: k < at || number >= among ? name : `class ${(number + 1) % among}` };
  };
}

// Classes of sixteen kinds each. All kinds look different from sample `at` on, and half have long been absent.
function replaced(at: number, classes: number): Source {
  const kinds = (): Source =>
    prototypes(40, 16 * classes, (k, random) => random.below((k < at / 2 ? 16 : 8) * classes));
  const [before, after] = [kinds(), kinds()];
  return (k, random) => {
    const { pixels, name } = (k < at ? before : after)(k, random);
    return { pixels, name: `class ${Number(name.slice('class '.length)) % classes}` };
  };
}

/** The steps of a trace. */
export function* stepsOf(trace: Trace): Generator<TraceStep> {
  const random = new Random(trace.seed);
  const pending: { at: number; stamp: bigint; name: string }[] = [];
  for (let k = 0; k < trace.samples; k++) {
    const { pixels, name } = trace.source(k, random);
    const stamp = BigInt(1000 + k);
    const point = trace.points[Math.floor(k / trace.block) % trace.points.length];
    if (random.uniform() < trace.labels) pending.push({ at: k + random.below(trace.lag + 1), stamp, name });
    const labels = pending.filter(({ at }) => at === k);
    yield { pixels, stamp, point, learn: trace.learn(k), labels };
  }
}
