import { createHash } from 'node:crypto';
import { checkInteger, TopsparkError } from '../base/errors.js';
import { hilbertScan } from './hilbert-scan.js';
import { instantiateKernel, type Kernel } from './kernel-module.js';
import type { LeanBaseline } from './lean-baseline.js';
import type { LeanParameters } from './lean-parameters.js';
import { checkNetworkShape, mostClasses, type NetworkShape } from './network-shape.js';
import { checkState, viewState, type NetworkScalars, type NetworkState } from './network-state.js';
import type { Presentation } from './presentation.js';
import { PresentationReader } from './presentation-reader.js';

/**
 * A spiking network that learns on line, and what its neurons know about classes: state in WebAssembly memory, one call
 * of the kernel per sample. The kernel's files hold the equations.
 */
export class Network {
  /** D. */
  readonly inputs: number;
  /** The next sample: D intensities 0..255, row-major, written in place before {@link Network.present}. */
  readonly input: Uint8Array;
  /** Votes by class of the last sample. */
  readonly votes: Float32Array;
  /** Views of the state. */
  readonly state: NetworkState;
  readonly #kernel: Kernel;
  readonly #touched: WebAssembly.Global;
  readonly #classes: WebAssembly.Global;
  readonly #reader: PresentationReader;
  #parameters: LeanParameters | undefined;

  /**
   * @param shape - `classes`: capacity, 1..4096; `polarity`: pictures brighter than half are inverted
   * @throws TopsparkError `out_of_range` naming value and bound; `out_of_memory`
   */
  constructor(
    readonly shape: NetworkShape & { readonly classes: number; readonly polarity: boolean },
    baseline: LeanBaseline,
  ) {
    this.inputs = checkNetworkShape(shape);
    checkInteger('network: classes', shape.classes, 1, mostClasses);
    const kernel = instantiateKernel();
    if (kernel.call.create(shape.neurons, this.inputs, shape.classes, Number(shape.polarity)) === 0) {
      const size = `${shape.neurons} neurons of ${this.inputs} inputs`;
      throw new TopsparkError('out_of_memory', 'environment', `the network has ${size}, expected memory for it`);
    }
    this.#kernel = kernel;
    this.#write({ ...baseline });
    // Lanes behind the last input read the byte behind it, which is always 0.
    const scan = kernel.view(Uint16Array, 'scan', (this.inputs + 3) & ~3);
    scan.fill(this.inputs).set(hilbertScan(shape.rows, shape.columns));
    this.input = kernel.view(Uint8Array, 'input', this.inputs);
    this.votes = kernel.view(Float32Array, 'votes', shape.classes);
    this.state = viewState(kernel, shape, shape.classes);
    this.#touched = kernel.global('touched');
    this.#classes = kernel.global('classes');
    this.#reader = new PresentationReader(kernel, shape.neurons);
  }

  /** All neurons have formed. */
  get full(): boolean {
    return this.#touched.value === this.shape.neurons;
  }

  /** The numbers that belong to the state. */
  get scalars(): NetworkScalars {
    return { touched: this.#touched.value, classes: this.#classes.value };
  }

  /**
   * Presents the sample in {@link Network.input}. A sample without an active input changes nothing.
   *
   * @param parameters - those of the sample's operating point; the object of the last call is not read again
   * @returns the same object at every call
   */
  present(parameters: LeanParameters, learn: boolean): Presentation {
    if (parameters !== this.#parameters) this.#write({ ...parameters });
    this.#parameters = parameters;
    this.#kernel.call.present(Number(learn));
    return this.#reader.read();
  }

  /**
   * Opens the next class.
   *
   * @returns its index; the caller keeps it below the capacity
   */
  openClass(): number {
    return this.#classes.value++;
  }

  /** Lists into which the neurons of an earlier sample are written before {@link Network.credit}. */
  get lists(): Pick<Presentation, 'fired' | 'firedSpikes' | 'nearest'> {
    return this.#reader.told;
  }

  /**
   * Credits a class to the neurons in {@link Network.lists}, that many of each. Ids below 0 are left out, ranks stay as
   * they are.
   *
   * @returns label updates that it cost
   */
  credit(label: number, firedCount: number, nearestCount: number): number {
    this.#kernel.call.credit(label, firedCount, nearestCount);
    return this.#reader.operations().labelUpdates;
  }

  /** Makes a neuron an imprint of the sample in {@link Network.input}, known to be of that class. */
  renew(neuron: number, label: number): void {
    this.#kernel.call.renew(neuron, label);
  }

  /** Forgets everything. */
  clear(): void {
    this.#kernel.call.clear();
  }

  /**
   * Takes over a stored state.
   *
   * @throws TopsparkError `bad_state`; then nothing has changed
   */
  restore(state: NetworkState, scalars: NetworkScalars): void {
    checkState(state, scalars, this.state);
    for (const name of Object.keys(this.state) as (keyof NetworkState)[]) this.state[name].set(state[name]);
    this.#touched.value = scalars.touched;
    this.#classes.value = scalars.classes;
    this.#kernel.call.restoreRows();
  }

  /** SHA-256 (hex) of weights, thresholds and class evidence as stored, of the neurons that have formed. */
  hash(): string {
    const { weights, scale, theta, evidence, message } = this.state;
    const hash = createHash('sha256');
    for (const array of [weights, scale, theta, evidence, message]) {
      hash.update(array.subarray(0, (array.length / this.shape.neurons) * this.#touched.value));
    }
    return hash.digest('hex');
  }

  #write(numbers: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(numbers)) this.#kernel.global(name).value = value;
  }
}
