import { TopsparkError } from 'topspark/base/errors.js';
import type { Random } from 'topspark/base/random.js';
import type { Dataset, SensorPlace, Split } from '../datasets/dataset.js';
import { embeddingEncoding, ImageEncoder, imageSides } from 'topspark/sensing/image/image-sensor.js';
import type { ImageFrame } from 'topspark/sensing/image/image-frame.js';
import { noFrontEnd, sumOfFrontEnds, type FrontEndCounts } from 'topspark/snn/operation-counts.js';
import { Silence } from 'topspark/sensing/refuse.js';
import { features } from 'topspark/sensing/features-sensor.js';
import { kindOf } from 'topspark/sensing/sensor-kinds.js';
import type { ReadoutPart } from 'topspark/snn/linear-readout.js';
import { TemporalContrast } from 'topspark/sensing/temporal-contrast.js';
import type { PictureEncoding } from './picture-encodings.js';

/**
 * Samples of one split of a data set as intensities. Images are encoded as a robot's camera images are; samples that
 * are not pictures are used as they are.
 */
export class SampleStream {
  /** Shape of the intensities. */
  readonly rows: number;
  readonly columns: number;
  /** Whether the network inverts bright pictures. */
  readonly polarity: boolean;
  /** Encoding of the pictures; `undefined`: the samples are not pictures. */
  readonly image: PictureEncoding | undefined;
  /** Absent: the samples are not pictures, or were embedded when the set was loaded. */
  readonly #encoder: ImageEncoder | undefined;
  /** Present where the encoding shows changes from picture to picture. */
  readonly #change: TemporalContrast | undefined;
  /** Pixels of red, green and blue of a picture; absent: the encoding reads grey pictures. */
  readonly #pixels: Uint8Array | undefined;
  readonly #size: { readonly width: number; readonly height: number };

  /** @throws TopsparkError `dataset_size` where the images are too small or too large */
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
    // Embeddings were computed when the set was loaded.
    this.#encoder =
      dataset.intensities || encoding === 'embedding'
        ? undefined
        : new ImageEncoder({ width, height, encoding: changes ? 'plain' : encoding, maxPixels: width * height });
    this.#change = this.#encoder && changes ? new TemporalContrast('image', width * height) : undefined;
    this.#pixels = encoding === 'scene' ? new Uint8Array(3 * width * height) : undefined;
    this.image = dataset.intensities ? undefined : encoding;
    this.rows = (this.#encoder?.rows ?? height) * (this.#change ? 2 : 1);
    this.columns = this.#encoder?.columns ?? width;
    this.polarity = !this.#change && (this.#encoder?.polarity ?? dataset.intensities?.polarity ?? false);
  }

  /** How the samples are read, as a node describes its sensors; `undefined`: not known. */
  get readings(): readonly SensorPlace[] | undefined {
    if (this.image === undefined) return this.dataset.intensities?.sensors;
    const inputs = this.rows * this.columns;
    return [{ name: 'image', encoding: this.image, inputs, parameters: this.#size }];
  }

  /**
   * The parts of a sample for a linear readout, and whether all of them are vectors of features. A sample of unknown
   * origin is one unsigned part.
   */
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

  /** Cost of encoding the last sample. For samples that are not pictures it is what the set states, or nothing. */
  get work(): Readonly<FrontEndCounts> {
    const work = this.#encoder?.work ?? this.dataset.intensities?.work ?? noFrontEnd;
    return this.#change ? sumOfFrontEnds([work, this.#change.work]) : work;
  }

  /** Starts a stretch: the next picture has no predecessor, so `change` shows nothing for it. */
  begin(): void {
    if (this.#change) this.#change.before = undefined;
  }

  /**
   * Encodes one sample.
   *
   * @param into - rows × columns bytes
   * @param change - returns the image, or a plane of it, as it looks now
   */
  encode(split: Split, index: number, into: Uint8Array, change?: ChangeImage): void {
    const { width, height } = this.#size;
    if (!this.#encoder) {
      into.set(planeOf(split.images, index, width * height, change));
      return;
    }
    try {
      this.#encoder.encode(this.#frame(split, index, change), this.#change?.now ?? into);
      this.#change?.encode(into);
    } catch (error) {
      // A flat image is silence: the encoder left nothing in `into`, and the network learns nothing from it.
      if (!(error instanceof Silence)) throw error;
    }
    this.#change?.keep();
  }

  #frame({ images, colours }: Split, index: number, change: ChangeImage | undefined): ImageFrame {
    const { width, height } = this.#size;
    const size = width * height;
    const pixels = this.#pixels;
    if (colours === undefined || pixels === undefined) {
      const data = planeOf(images, index, size, change);
      return { width, height, encoding: 'mono8', bigEndian: false, step: width, data };
    }
    for (let plane = 0; plane < 3; plane++) {
      planeOf(colours, 3 * index + plane, size, change).forEach((level, at) => {
        pixels[3 * at + plane] = level;
      });
    }
    return { width, height, encoding: 'rgb8', bigEndian: false, step: 3 * width, data: pixels };
  }
}

type ChangeImage = (image: Uint8Array) => Uint8Array;

function planeOf(planes: Uint8Array, index: number, size: number, change: ChangeImage | undefined): Uint8Array {
  const plane = planes.subarray(index * size, (index + 1) * size);
  return change ? change(plane) : plane;
}

const isFeatures = (name: string | undefined): boolean => name !== undefined && kindOf(name) === features;

/**
 * Endless order in which the training samples are learned: shuffled, or the order of the recording, again and again.
 * Where recordings have several windows, each round shows one window of each recording, and the next round the next
 * window. Windows of one recording are almost the same: a network that learned them one after the other would use many
 * neurons for them.
 */
export function orderOf({ inOrder, train }: Dataset, random: Random): Generator<number, never> {
  if (train.ends) return windowByWindow(train.ends, random);
  return inOrder ? recorded(train.count) : shuffled(train.count, random);
}

function* recorded(count: number): Generator<number, never> {
  for (;;) yield* Array(count).keys();
}

/** Endless order of a split: every image once per round, shuffled in each round. Depends on the seed only. */
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

/** Number of samples in the first recordings of a split; each sample is a recording where `ends` is absent. */
export function firstSamples({ count, ends }: Split, recordings: number): number {
  if (!ends) return Math.min(count, recordings);
  let left = recordings;
  for (let k = 0; k < count; k++) {
    left -= ends[k];
    if (left === 0) return k + 1;
  }
  return count;
}
