import { checkInteger, TopsparkError } from '../base/errors.js';
import { instantiateKernel, type Kernel } from './kernel-module.js';
import { mostClasses } from './network-shape.js';

/** A stretch of a sample's intensities, and how a linear readout takes them. */
export interface ReadoutPart {
  /** Intensities. */
  readonly inputs: number;
  /** Their second half is the negative part of the first (on and off channels): they are read as their difference. */
  readonly signed: boolean;
}

/** Most numbers that a linear readout takes: P has 67 MB there, and a label takes 10 ms or more. */
export const mostReadoutInputs = 4096;

/** Ridge penalty: pulls all weights towards 0, like this many samples in every direction. */
export const ridge = 0.3;

/** Numbers that a linear readout takes from a sample of these parts. */
export function readoutInputs(parts: readonly ReadoutPart[]): number {
  return parts.reduce((sum, { inputs, signed }) => sum + (signed ? inputs / 2 : inputs), 0);
}

/**
 * Recursive least squares over x = sample / |sample| (equations in kernel/least-squares.ts). After any labels it answers
 * like least squares over all of them, in any order, apart from rounding. float64 in a fixed order, the same bits on every
 * machine.
 */
export class LinearReadout {
  /** n: numbers in x. */
  readonly inputs: number;
  /** n rounded up to whole blocks of 4. */
  readonly stride: number;
  /** W: C of capacity × {@link LinearReadout.stride}. */
  readonly weights: Float64Array;
  /** P as a lower triangle of blocks of 4 × 4. */
  readonly precision: Float64Array;
  readonly #scores: Float64Array;
  readonly #kernel: Kernel;
  readonly #input: Float64Array;

  /**
   * @param parts - of a sample, in their order; `inputs` even where signed
   * @param capacity - most classes
   * @param polarity - samples brighter than half on average are inverted, as in a network
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

  /** Forgets everything. */
  clear(): void {
    this.weights.fill(0);
    this.loosen();
  }

  /** Resets P to its start: labels then move W as far as the first ones did, and W stays until they do. */
  loosen(): void {
    this.#kernel.call.resetPrecision(ridge);
  }

  /**
   * W·x of the first classes.
   *
   * @param sample - intensities, not all 0
   * @returns a view, valid until the next call; classes beyond `classes` are from an earlier one
   */
  read(sample: Uint8Array, classes: number): Float64Array {
    this.#take(sample);
    this.#kernel.call.readReadout(classes);
    return this.#scores;
  }

  /**
   * Teaches that a sample is of a class.
   *
   * @param classes - those heard so far, including this one
   * @returns false: nothing has changed, since P is numerically no inverse any more
   */
  teach(sample: Uint8Array, label: number, classes: number): boolean {
    this.#take(sample);
    return this.#kernel.call.teachReadout(label, classes, 0) !== 0;
  }

  /**
   * Undoes that a sample is of a class.
   *
   * @returns false: nothing has changed, since P numerically does not contain the sample
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
   * Removes a class: those after it move up.
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

  // x = sample / |sample|. The sum of squares of bytes is exact in any order.
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
