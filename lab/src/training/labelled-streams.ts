import { TopsparkError } from 'topspark/base/errors.js';
import { Random } from 'topspark/base/random.js';
import { RangeEncoder } from 'topspark/sensing/range/range-encoder.js';
import { loadDataset, type Dataset, type Split } from '../datasets/dataset.js';
import { holdOut } from '../datasets/hold-out.js';
import { World } from '../world/world.js';
import type { WorldChange } from './life-options.js';
import type { PictureEncoding } from './picture-encodings.js';
import { SampleStream, shuffled } from './sample-stream.js';
import { worldChange } from './world-change.js';

/** One sample of a stream as the network sees it. Its bytes are valid until the next sample. */
export interface StreamSample {
  readonly intensities: Uint8Array;
  readonly truth: string;
}

/** Samples in the order in which they are labelled, and others for the test. */
export interface LabelledStream {
  readonly shape: { readonly rows: number; readonly columns: number; readonly polarity: boolean };
  readonly classes: readonly string[];
  /** Number of samples to learn. */
  readonly count: number;
  /**
   * Whether results are mean recalls over the second half, as suits a robot that stays long in one place; else they are
   * accuracy on the test samples.
   */
  readonly driven: boolean;
  readonly samples: Iterable<StreamSample>;
  /** Other samples of the world as it is in the end. */
  readonly test: Iterable<StreamSample>;
}

/** Names of data sets with the suffixes that are allowed. */
const suffix = /^(mnist|fashion-mnist)(?:-by-([1-9])|-(permuted|shifted))?$/;
const changes: Readonly<Partial<Record<string, WorldChange>>> = { permuted: 'permute', shifted: 'shift' };

/** Names of streams, for help and errors. */
export const streamNames =
  'mnist or fashion-mnist, perhaps with -by-2 (classes two at a time), -permuted or -shifted; world';

const scansPerSecond = 10;

/** Which samples, and how many of them. */
export interface StreamOptions {
  readonly seed: number;
  /** Pictures or scans to learn. */
  readonly samples: number;
  readonly tests: number;
  readonly image: PictureEncoding;
  /** Whether to test on the test images; else on the last sixth of the training images, which are then not learned. */
  readonly final?: boolean;
  /** Whether pictures are changed from the start. */
  readonly changed?: boolean;
}

/**
 * Makes a stream from its name.
 *
 * @throws TopsparkError `bad_stream`, or as {@link loadDataset} does
 */
export function labelledStream(name: string, options: StreamOptions): LabelledStream {
  if (name === 'world') return drive(options);
  const found = suffix.exec(name);
  if (!found) throw new TopsparkError('bad_stream', 'usage', `--stream is ${name}, expected ${streamNames}`);
  const [, set, by = '', change = ''] = found;
  const whole = loadDataset(set);
  const dataset = options.final ? whole : holdOut(whole);
  return pictures(dataset, options, by === '' ? undefined : Number(by), changes[change]);
}

function pictures(
  dataset: Dataset,
  { seed, samples, tests, image, changed: fromStart = false }: StreamOptions,
  by: number | undefined,
  becomes: WorldChange | undefined,
): LabelledStream {
  const stream = new SampleStream(dataset, image);
  const { rows, columns, polarity } = stream;
  const { classNames: classes } = dataset;
  const { train, test } = dataset;
  const into = new Uint8Array(rows * columns);
  const changed = becomes && worldChange(becomes, dataset, seed);
  const show = (split: Split, index: number, change = changed): StreamSample => {
    into.fill(0);
    stream.encode(split, index, into, change);
    return { intensities: into, truth: classes[split.labels[index]] };
  };
  const learned = function* (): Generator<StreamSample> {
    const order = shuffled(train.count, new Random(seed));
    const parts = by === undefined ? 2 : Math.ceil(classes.length / by);
    for (let k = 0; k < samples;) {
      const part = Math.floor((k * parts) / samples);
      const { value: index } = order.next();
      if (by !== undefined && Math.floor(train.labels[index] / by) !== part) continue;
      k++;
      yield show(train, index, part === 0 && !fromStart ? undefined : changed);
    }
  };
  const tested = function* (): Generator<StreamSample> {
    for (let index = 0; index < Math.min(tests, test.count); index++) yield show(test, index);
  };
  return {
    ...{ shape: { rows, columns, polarity }, classes, count: samples, driven: false },
    ...{ samples: { [Symbol.iterator]: learned }, test: { [Symbol.iterator]: tested } },
  };
}

// A drive with a laser scanner, and for the test another tour of the same building.
function drive({ seed, samples, tests }: StreamOptions): LabelledStream {
  const encoder = new RangeEncoder();
  const { rows, columns, polarity } = encoder;
  const into = new Uint8Array(rows * columns);
  const tour = function* (of: number, count: number): Generator<StreamSample> {
    const world = new World({ seed: of, building: seed });
    for (let k = 0; k < count; k++) {
      world.step(1 / scansPerSecond);
      try {
        encoder.encode(world.scan(), into);
      } catch (error) {
        if (!(error instanceof TopsparkError)) throw error;
        continue; // nothing is in range from here
      }
      yield { intensities: into, truth: world.place };
    }
  };
  return {
    ...{ shape: { rows, columns, polarity }, classes: ['room', 'corridor', 'doorway', 'junction'] },
    ...{ count: samples, driven: true },
    samples: { [Symbol.iterator]: () => tour(seed, samples) },
    test: { [Symbol.iterator]: () => tour(seed + 1000, tests) },
  };
}
