import { TopsparkError } from 'topspark/base/errors.js';
import type { Random } from 'topspark/base/random.js';
import type { Dataset, SensorPlace, Split } from '../datasets/dataset.js';
import { embeddingEncoding, ImageEncoder, imageSides } from 'topspark/sensing/image/image-sensor.js';
import { noFrontEnd, sumOfFrontEnds, type FrontEndCounts } from 'topspark/snn/operation-counts.js';
import { Silence } from 'topspark/sensing/refuse.js';
import { features } from 'topspark/sensing/features-sensor.js';
import { kindOf } from 'topspark/sensing/sensor-kinds.js';
import type { ReadoutPart } from 'topspark/snn/linear-readout.js';
import { TemporalContrast } from 'topspark/sensing/temporal-contrast.js';
import type { PictureEncoding } from './picture-encodings.js';

/**
 * Samples of one half of a data set as intensities: images are encoded as a robot's camera images are, what is no
 * picture is taken as it is.
 */
export class SampleStream {
  /** Shape of the intensities. */
  readonly rows: number;
  readonly columns: number;
  /** Whether the network is to invert bright pictures. */
  readonly polarity: boolean;
  /** How its pictures are read; `undefined`: they are none. */
  readonly image: PictureEncoding | undefined;
  /** Absent: no picture. */
  readonly #encoder: ImageEncoder | undefined;
  /** Present: what changes from picture to picture is shown. */
  readonly #change: TemporalContrast | undefined;
  readonly #size: { readonly width: number; readonly height: number };

  /** @throws TopsparkError `dataset_size` where its images are too small or too large */
  constructor(
    readonly dataset: Dataset,
    encoding: PictureEncoding,
  ) {
    const { rows: height, columns: width } = dataset;
    this.#size = { width, height };
    const [least, most] = imageSides;
    if (!dataset.intensities && (Math.min(width, height) < least || Math.max(width, height) > most)) {
      const found = `the images of ${dataset.name} are ${width} × ${height} pixels`;
      throw new TopsparkError('dataset_size', 'data', `${found}, expected ${least}..${most} wide and high`);
    }
    const changes = encoding === 'change';
    // Through a pretrained network they were seen when the set was loaded.
    this.#encoder =
      dataset.intensities || encoding === 'embedding'
        ? undefined
        : new ImageEncoder({ width, height, encoding: changes ? 'plain' : encoding, maxPixels: width * height });
    this.#change = this.#encoder && changes ? new TemporalContrast('image', width * height) : undefined;
    this.image = dataset.intensities ? undefined : encoding;
    this.rows = (this.#encoder?.rows ?? height) * (this.#change ? 2 : 1);
    this.columns = this.#encoder?.columns ?? width;
    this.polarity = !this.#change && (this.#encoder?.polarity ?? dataset.intensities?.polarity ?? false);
  }

  /** How its samples are read, in the words of a node; `undefined`: nobody knows. */
  get readings(): readonly SensorPlace[] | undefined {
    if (this.image === undefined) return this.dataset.intensities?.sensors;
    const inputs = this.rows * this.columns;
    return [{ name: 'image', encoding: this.image, inputs, parameters: this.#size }];
  }

  /** How a linear readout takes a sample, and whether all of it is vectors of features; what nobody knows of is taken as it is. */
  get readout(): readonly ReadoutPart[] {
    const known = this.image === undefined ? this.dataset.intensities?.sensors : undefined;
    if (known === undefined) return [{ inputs: this.rows * this.columns, signed: false }];
    return known.map(({ name, inputs, encoding, parameters }) => ({
      inputs,
      signed: encoding === embeddingEncoding || (isFeatures(name) && parameters?.['signed'] === true),
    }));
  }

  get features(): boolean {
    const known = this.image === undefined ? this.dataset.intensities?.sensors : undefined;
    return known?.every(({ name, encoding }) => encoding === embeddingEncoding || isFeatures(name)) ?? false;
  }

  /** What it took to encode the last sample; of what is no picture, what the set says, or nothing. */
  get work(): Readonly<FrontEndCounts> {
    const work = this.#encoder?.work ?? this.dataset.intensities?.work ?? noFrontEnd;
    return this.#change ? sumOfFrontEnds([work, this.#change.work]) : work;
  }

  /** The next picture is the first of a stretch: where changes are shown it shows none. */
  begin(): void {
    if (this.#change) this.#change.before = undefined;
  }

  /**
   * Encodes one sample.
   *
   * @param into - rows × columns bytes
   * @param change - what the image looks like now
   */
  encode(split: Split, index: number, into: Uint8Array, change?: (image: Uint8Array) => Uint8Array): void {
    const { width, height } = this.#size;
    const image = split.images.subarray(index * width * height, (index + 1) * width * height);
    const data = change ? change(image) : image;
    if (!this.#encoder) {
      into.set(data);
      return;
    }
    try {
      const frame = { width, height, encoding: 'mono8', bigEndian: false, step: width, data };
      this.#encoder.encode(frame, this.#change?.now ?? into);
      this.#change?.encode(into);
    } catch (error) {
      // A flat image is silence: the encoder has left nothing in `into`, and the network learns nothing from it.
      if (!(error instanceof Silence)) throw error;
    }
    this.#change?.keep();
  }
}

const isFeatures = (name: string | undefined): boolean => name !== undefined && kindOf(name) === features;

/**
 * Endless order in which the training samples are learned: shuffled, or that of the recording, again and again. Of recordings of
 * several windows each round shows one window of each, and the next round the next: windows of the same recording are almost
 * the same, and a network that learned one after the other would use many neurons for them.
 */
export function orderOf({ inOrder, train }: Dataset, random: Random): Generator<number, never> {
  if (train.ends) return windowByWindow(train.ends, random);
  return inOrder ? recorded(train.count) : shuffled(train.count, random);
}

function* recorded(count: number): Generator<number, never> {
  for (;;) yield* Array(count).keys();
}

/** Endless order of a split: every image once, shuffled again for each round. The seed changes nothing else. */
export function* shuffled(count: number, random: Random): Generator<number, never> {
  for (;;) yield* random.permutation(count);
}

function* windowByWindow(ends: Uint8Array, random: Random): Generator<number, never> {
  const starts = [0];
  for (let k = 0; k < ends.length; k++) if (ends[k] === 1) starts.push(k + 1);
  const count = starts.length - 1;
  for (let round = 0; ; round++) {
    for (const recording of random.permutation(count)) {
      const [first, next] = [starts[recording], starts[recording + 1]];
      yield first + ((recording + round) % (next - first));
    }
  }
}

/** Samples of the first recordings of a split; where each is a recording by itself as many. */
export function firstSamples({ count, ends }: Split, recordings: number): number {
  if (!ends) return Math.min(count, recordings);
  let left = recordings;
  for (let k = 0; k < count; k++) {
    left -= ends[k];
    if (left === 0) return k + 1;
  }
  return count;
}
