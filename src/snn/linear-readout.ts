import { checkInteger, TopsparkError } from '../base/errors.js';
import { instantiateKernel, type Kernel } from './kernel-module.js';
import { mostClasses } from './network-shape.js';

/** A part of a sample's intensities, and how a linear readout reads it. */
export interface ReadoutPart {
  /** Number of intensities. */
  readonly inputs: number;
  /** The second half is the negative part of the first (on and off channels): the difference of both is read. */
  readonly signed: boolean;
}

/** Maximum n of a linear readout: P then takes 67 MB, and a label 10 ms or more. */
export const mostReadoutInputs = 4096;

/** Ridge penalty: it pulls all weights towards 0 like this many samples in every direction. */
export const ridge = 0.3;

/** n for a sample of these parts. */
export function readoutInputs(parts: readonly ReadoutPart[]): number {
  return parts.reduce((sum, { inputs, signed }) => sum + (signed ? inputs / 2 : inputs), 0);
}

/**
 * Recursive least squares over x = sample / |sample| (equations in kernel/least-squares.ts). Apart from rounding, it
 * answers like least squares over all labels so far, whatever their order. It computes in float64 in a fixed order, so
 * the bits are the same on every machine.
 */
export class LinearReadout {
  /** n: length of x. */
  readonly inputs: number;
  /** n rounded up to whole blocks of 4. */
  readonly stride: number;
  /** W: {@link LinearReadout.capacity} × {@link LinearReadout.stride}. */
  readonly weights: Float64Array;
  /** P as a lower triangle of blocks of 4 × 4. */
  readonly precision: Float64Array;
  readonly #scores: Float64Array;
  readonly #kernel: Kernel;
  readonly #input: Float64Array;

  /**
   * @param parts - of a sample, in their order; `inputs` even where signed
   * @param capacity - maximum number of classes
   * @param polarity - samples brighter than half on average are inverted, as in the network
   * @throws {@link TopsparkError} `out_of_range` naming value and bound; `out_of_memory`
   */
  constructor(
    readonly parts: readonly ReadoutPart[],
    readonly capacity: number,
    readonly polarity = false,
  ) {
    this.inputs = readoutInputs(parts);
    checkInteger('network.linear_readout: numbers that it reads of a sample', this.inputs, 1, mostReadoutInputs);
    checkInteger('linear readout: classes', capacity, 1, mostClasses);
    this.stride = (this.inputs + 3) & ~3;
    this.#kernel = instantiateKernel();
    if (this.#kernel.call.createReadout(this.inputs, capacity) === 0) {
      const size = `${this.inputs} inputs and ${capacity} classes`;
      throw new TopsparkError('out_of_memory', 'environment', `the linear readout has ${size}, expected memory for it`);
    }
    const blocks = this.stride / 4;
    this.weights = this.#kernel.view(Float64Array, 'readoutWeights', capacity * this.stride);
    this.precision = this.#kernel.view(Float64Array, 'readoutPrecision', 8 * blocks * (blocks + 1));
    this.#scores = this.#kernel.view(Float64Array, 'readoutScores', capacity);
    this.#input = this.#kernel.view(Float64Array, 'readoutInput', this.inputs);
    this.loosen();
  }

  /** x of the sample that was read, taught, moved or taken back last; a view, valid until the next one. */
  get row(): Float64Array {
    return this.#input;
  }

  /** Forgets everything. */
  clear(): void {
    this.weights.fill(0);
    this.loosen();
  }

  /** Resets P to its initial value and keeps W. The next labels then move W as far as the first ones did. */
  loosen(): void {
    this.#kernel.call.resetPrecision(ridge);
  }

  /**
   * Scores W·x of the first `classes` classes.
   *
   * @param sample - intensities, not all 0
   * @returns a view, valid until the next call; scores beyond `classes` are from an earlier call
   */
  read(sample: Uint8Array, classes: number): Float64Array {
    this.#take(sample);
    this.#kernel.call.readReadout(classes);
    return this.#scores;
  }

  /**
   * Teaches that a sample is of a class.
   *
   * @param classes - number of classes so far, including this one
   * @returns false: nothing has changed, since P is numerically no longer an inverse
   */
  teach(sample: Uint8Array, label: number, classes: number): boolean {
    this.#take(sample);
    return this.#kernel.call.teachReadout(label, classes, 0) !== 0;
  }

  /**
   * Undoes that a sample is of a class.
   *
   * @returns false: nothing has changed, since the sample is numerically not contained in P
   */
  takeBack(sample: Uint8Array, label: number, classes: number): boolean {
    this.#take(sample);
    return this.#kernel.call.teachReadout(label, classes, 1) !== 0;
  }

  /** Moves a taught sample from one class to another. */
  move(sample: Uint8Array, from: number, to: number): void {
    this.#take(sample);
    this.#kernel.call.moveReadout(from, to);
  }

  /**
   * Removes a class; later classes move up by one.
   *
   * @param classes - number of classes before
   * @param into - class that it merges into; absent: none
   */
  removeClass(label: number, classes: number, into?: number): void {
    const { weights, stride } = this;
    if (into !== undefined) for (let i = 0; i < stride; i++) weights[into * stride + i] += weights[label * stride + i];
    weights.copyWithin(label * stride, (label + 1) * stride, classes * stride);
    weights.fill(0, (classes - 1) * stride, classes * stride);
  }

  // Writes x = sample / |sample|. A sum of squares of bytes is exact in any order.
  #take(sample: Uint8Array): void {
    const x = this.#input;
    const flip = this.polarity && 2 * sample.reduce((sum, value) => sum + value, 0) > 255 * sample.length ? 255 : 0;
    let [square, from, to] = [0, 0, 0];
    for (const { inputs, signed } of this.parts) {
      const size = signed ? inputs / 2 : inputs;
      for (let i = from; i < from + size; i++) {
        const value = signed ? sample[i] - sample[i + size] : flip === 0 ? sample[i] : flip - sample[i];
        x[to++] = value;
        square += value * value;
      }
      from += inputs;
    }
    const norm = square > 0 ? Math.sqrt(square) : 1;
    for (let i = 0; i < x.length; i++) x[i] /= norm;
  }
}
