import type { Copy } from '../base/buffer-pool.js';
import { storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';

// Means of the classes, named and unnamed samples together, for few labels in a long unnamed stream. x is the row of the
// linear readout, |x| = 1 ; S_c: weighted sum of x ; N_c, U_c: weights of its named and of its unnamed samples ;
// b: mean of all x, named or not ; K: classes heard
//
//   d_c = (S_c - (N_c + U_c) b).(x - b) / (|S_c - (N_c + U_c) b| |x - b|)
//   z_c = max(0, 1 - (max d - d_c) / 0.2)^2 ,  share_c = z_c / sum z
//   label y:         S_y += x , N_y += 1 ;  taken back: the reverse
//   learned sample:  for all c, K > 1, r = 0.1 share_c where U_c + r <= 16:  S_c += r x , U_c += r
//                    then t += 1 , b += (x - b) / min(t, 1000)
//
// So d compares what is not common to all samples, and it ends by itself: unnamed samples weigh at most as much as 16
// labels. It is k-means with soft shares, begun by labels. float64, each sum in the order of its index.
// Sources: Ren and others, Meta-learning for semi-supervised few-shot classification, ICLR 2018 (soft k-means); Wang and
// others, SimpleShot, 2019 (rows less their mean).

/** How far below the largest d a class may be to have a share. */
const reach = 0.2;
/** Weight of an unnamed sample, and the largest sum of such weights in a class. */
const rate = 0.1;
const mostUnnamed = 16;
/** Samples in the mean of all, at most. */
const window = 1000;
/** Bound of stored sums: far above what a robot hears in its life. */
const mostSum = 1e12;

/** Means of classes over rows of length 1; what they are for: linear-stage.ts. */
export class SoftMeans {
  /** Share of each class in the row that was last compared. */
  readonly shares: Float64Array;
  /** S: one row of a class after another. */
  readonly #sums: Float64Array;
  readonly #named: Float64Array;
  readonly #unnamed: Float64Array;
  readonly #mean: Float64Array;
  /** t. */
  readonly #samples = new Float64Array(1);
  readonly #centred: Float64Array;

  /**
   * @param inputs - length of a row
   * @param capacity - maximum number of classes
   */
  constructor(
    readonly inputs: number,
    readonly capacity: number,
  ) {
    this.shares = new Float64Array(capacity);
    this.#sums = new Float64Array(capacity * inputs);
    this.#named = new Float64Array(capacity);
    this.#unnamed = new Float64Array(capacity);
    this.#mean = new Float64Array(inputs);
    this.#centred = new Float64Array(inputs);
  }

  /** Whether each of the first `classes` classes has a named sample. */
  know(classes: number): boolean {
    for (let c = 0; c < classes; c++) if (this.#named[c] === 0) return false;
    return true;
  }

  /** Computes {@link SoftMeans.shares} of a row in the first `classes` classes. */
  compare(x: Float64Array, classes: number): void {
    const { inputs, shares } = this;
    const [sums, mean, centred] = [this.#sums, this.#mean, this.#centred];
    let length = 0;
    for (let i = 0; i < inputs; i++) {
      const value = x[i] - mean[i];
      centred[i] = value;
      length += value * value;
    }
    let most = -Infinity;
    for (let c = 0; c < classes; c++) {
      const weight = this.#named[c] + this.#unnamed[c];
      const at = c * inputs;
      let [product, square] = [0, 0];
      for (let i = 0; i < inputs; i++) {
        const value = sums[at + i] - weight * mean[i];
        product += value * centred[i];
        square += value * value;
      }
      const norm = Math.sqrt(square * length);
      shares[c] = norm > 0 ? product / norm : 0;
      if (shares[c] > most) most = shares[c];
    }
    let whole = 0;
    for (let c = 0; c < classes; c++) {
      const near = Math.max(0, 1 - (most - shares[c]) / reach);
      shares[c] = near * near;
      whole += shares[c];
    }
    for (let c = 0; c < classes; c++) shares[c] /= whole;
  }

  /**
   * Learns the row that was just compared, as one without a name.
   *
   * @returns number of classes that changed
   */
  learn(x: Float64Array, classes: number): number {
    let changed = 0;
    for (let c = 0; c < classes && classes > 1; c++) {
      const weight = rate * this.shares[c];
      if (weight === 0 || this.#unnamed[c] + weight > mostUnnamed) continue;
      this.#unnamed[c] += weight;
      this.#add(x, c, weight);
      changed++;
    }
    return changed;
  }

  /** Brings a row into the mean of all. */
  watch(x: Float64Array): void {
    const mean = this.#mean;
    const by = 1 / Math.min(++this.#samples[0], window);
    for (let i = 0; i < mean.length; i++) mean[i] += by * (x[i] - mean[i]);
  }

  /** Adds a row as one with a name, or takes it away. A class without named rows is empty. */
  name(x: Float64Array, label: number, by: 1 | -1): void {
    this.#named[label] = Math.max(0, this.#named[label] + by);
    if (this.#named[label] > 0) this.#add(x, label, by);
    else this.#empty(label);
  }

  /**
   * Removes a class; later classes move up by one.
   *
   * @param classes - number of classes before
   * @param into - class that it merges into; absent: none
   */
  removeClass(label: number, classes: number, into?: number): void {
    for (const [rows, width] of this.#rows) {
      if (into !== undefined) for (let i = 0; i < width; i++) rows[into * width + i] += rows[label * width + i];
      rows.copyWithin(label * width, (label + 1) * width, classes * width);
      rows.fill(0, (classes - 1) * width, classes * width);
    }
  }

  /** Forgets everything. */
  clear(): void {
    for (const rows of [this.#sums, this.#named, this.#unnamed, this.#mean, this.#samples]) rows.fill(0);
  }

  /** Arrays to store, of the first `classes` classes. */
  tensors(copy: Copy, classes: number): Record<string, Tensor> {
    const { inputs } = this;
    const sums = copy('linear.sums', this.#sums.subarray(0, classes * inputs));
    return {
      'linear.sums': { shape: [classes, inputs], data: sums },
      'linear.named': { shape: [classes], data: this.#named.slice(0, classes) },
      'linear.unnamed': { shape: [classes], data: this.#unnamed.slice(0, classes) },
      'linear.mean': { shape: [inputs], data: this.#mean.slice() },
      'linear.watched': { shape: [1], data: this.#samples.slice() },
    };
  }

  /**
   * Checks a stored state. An older file, or one of merged robots, has none: the means then start empty.
   *
   * @returns a function that restores it
   * @throws {@link TopsparkError} `bad_state`; nothing has changed
   */
  stored(tensors: Snapshot['tensors'], classes: number): () => void {
    if (!('linear.sums' in tensors)) {
      return () => {
        this.clear();
      };
    }
    const most = Number.MAX_SAFE_INTEGER;
    const sums = storedArray(tensors, 'linear.sums', this.#sums, classes * this.inputs, -mostSum, mostSum);
    const named = storedArray(tensors, 'linear.named', this.#named, classes, 0, most);
    const unnamed = storedArray(tensors, 'linear.unnamed', this.#unnamed, classes, 0, mostSum);
    const mean = storedArray(tensors, 'linear.mean', this.#mean, this.inputs, -1, 1);
    const samples = storedArray(tensors, 'linear.watched', this.#samples, 1, 0, most);
    return () => {
      this.clear();
      this.#sums.set(sums);
      this.#named.set(named);
      this.#unnamed.set(unnamed);
      this.#mean.set(mean);
      this.#samples.set(samples);
    };
  }

  get #rows(): readonly (readonly [Float64Array, number])[] {
    return [
      [this.#sums, this.inputs],
      [this.#named, 1],
      [this.#unnamed, 1],
    ];
  }

  #add(x: Float64Array, label: number, by: number): void {
    const { inputs } = this;
    const [sums, at] = [this.#sums, label * inputs];
    for (let i = 0; i < inputs; i++) sums[at + i] += by * x[i];
  }

  #empty(label: number): void {
    const { inputs } = this;
    this.#unnamed[label] = 0;
    this.#sums.fill(0, label * inputs, (label + 1) * inputs);
  }
}
