import { checkInteger, TopsparkError } from '../base/errors.js';
import { instantiateKernel, type Kernel } from './kernel-module.js';
import { mostClasses } from './network-shape.js';

/** A stretch of a sample's intensities, and how a linear readout takes them. */
export interface ReadoutPart {
  /** Intensities. */
  readonly inputs: number;
  /** Their second half is what is negative in the first, on and off channels: read as their difference. */
  readonly signed: boolean;
}

/** Most numbers that a linear readout takes: P is 67 MB then, and a label takes 10 ms or more. */
export const mostReadoutInputs = 4096;

/** What all weights are held to 0 by, as by so many samples in every direction. */
const ridge = 0.3;

/** Numbers that a linear readout takes of a sample of these parts. */
export function readoutInputs(parts: readonly ReadoutPart[]): number {
  return parts.reduce((sum, { inputs, signed }) => sum + (signed ? inputs / 2 : inputs), 0);
}

/**
 * Recursive least squares over x = sample / |sample| (kernel/least-squares.ts has the equations): after any labels it answers as
 * least squares over all of them would, in whatever order they came but for rounding. float64 in an order of its own, the same
 * bits on every machine.
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
   * @param polarity - what is brighter than half on average is inverted, as a network does
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

  /** P is as it was at first: labels move W as far as the first ones did, and what is known stays until they do. */
  loosen(): void {
    this.#kernel.call.resetPrecision(ridge);
  }

  /**
   * W·x of the first classes.
   *
   * @param sample - intensities, not all 0
   * @returns a view that holds until the next call; the classes behind are of an earlier one
   */
  read(sample: Uint8Array, classes: number): Float64Array {
    this.#take(sample);
    this.#kernel.call.readReadout(classes);
    return this.#scores;
  }

  /**
   * A sample is of a class.
   *
   * @param classes - those heard so far, this one among them
   * @returns false: nothing has changed, since P is no inverse any more, as far as numbers tell
   */
  teach(sample: Uint8Array, label: number, classes: number): boolean {
    this.#take(sample);
    return this.#kernel.call.teachReadout(label, classes, 0) !== 0;
  }

  /**
   * Takes back that a sample is of a class.
   *
   * @returns false: nothing has changed, since P does not have it in it, as far as numbers tell
   */
  takeBack(sample: Uint8Array, label: number, classes: number): boolean {
    this.#take(sample);
    return this.#kernel.call.teachReadout(label, classes, 1) !== 0;
  }

  /** A sample that was taught as of one class is of another. */
  move(sample: Uint8Array, from: number, to: number): void {
    this.#take(sample);
    this.#kernel.call.moveReadout(from, to);
  }

  /**
   * A class is no more: those behind it move up.
   *
   * @param classes - those that there were
   * @param into - class that it becomes one with; absent: what was of it is of none
   */
  removeClass(label: number, classes: number, into?: number): void {
    const { weights, stride } = this;
    if (into !== undefined) for (let i = 0; i < stride; i++) weights[into * stride + i] += weights[label * stride + i];
    weights.copyWithin(label * stride, (label + 1) * stride, classes * stride);
    weights.fill(0, (classes - 1) * stride, classes * stride);
  }

  // x = sample / |sample|. The sum of squares of bytes is exact in whatever order.
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
