import { type Kernel, instantiateKernel } from './kernel-module.js';
import type { OperationCounts } from './operation-counts.js';
import type { Presentation, Learning } from './presentation.js';
import { checkInteger, TopsparkError } from '../base/errors.js';
import { atOnce } from '../base/slices.js';
import { hilbertScan } from './lean/hilbert-scan.js';
import { checkNetworkShape, mostClasses, type NetworkShape } from './network-shape.js';
import { checkState, viewState, type NetworkScalars, type NetworkState, type WeightLayout } from './network-state.js';
import { mostTimesteps } from './timed/timed-baseline.js';
import { weightsHash } from './weights-hash.js';

/** Neurons that vote and are credited without a spike (kernel/constants.ts). */
export const mostNearest = 10;

/** Result fields of the kernel for the net and for the given answer (kernel/result.ts), and where the counts begin. */
const fields = 18;
const counts = 9;
const givenFields = 13;
const givenCounts = 4;

/** Maximum number of spikes that are listed with step and neuron (kernel/result.ts). */
const mostSpikesListed = 512;

/** Reads the kernel's result of a call into one preallocated {@link Presentation}. */
export class PresentationReader {
  /** The last presentation. */
  readonly presentation: Presentation;
  readonly #numbers: Int32Array;
  readonly #votes: Float32Array;
  readonly #given: Int32Array;
  readonly #givenVotes: Float32Array;

  /** @param neurons - N: length of the list of neurons that fired */
  constructor(kernel: Kernel, neurons: number) {
    this.#numbers = kernel.view(Int32Array, 'result', fields);
    this.#votes = kernel.view(Float32Array, 'result', fields);
    this.#given = kernel.view(Int32Array, 'given', givenFields);
    this.#givenVotes = kernel.view(Float32Array, 'given', givenFields);
    this.presentation = {
      answer: -1,
      confidence: 0,
      lead: 0,
      timestepsRun: 0,
      learned: false,
      silent: false,
      familiar: false,
      fired: kernel.view(Int32Array, 'fired', neurons),
      firedSpikes: kernel.view(Int32Array, 'firedSpikes', neurons),
      firedCount: 0,
      raster: kernel.view(Uint32Array, 'raster', mostSpikesListed),
      spikesListed: 0,
      nearest: kernel.view(Int32Array, 'nearest', mostNearest),
      nearestCount: 0,
      operations: this.operations(),
      given: {
        ...{ answer: -1, confidence: 0, lead: 0, classAnswer: -1, operations: this.operations() },
        ...{ voted: -1, linear: -1, trusting: -1, decided: false },
      },
    };
  }

  /** Reads the last presentation. */
  read(): Presentation {
    const presentation = this.presentation;
    const numbers = this.#numbers;
    presentation.answer = numbers[0];
    presentation.confidence = this.#votes[1];
    presentation.lead = this.#votes[2];
    presentation.timestepsRun = numbers[3];
    presentation.learned = numbers[4] === 1;
    presentation.silent = numbers[5] === 1;
    presentation.firedCount = numbers[6];
    presentation.nearestCount = numbers[7];
    presentation.spikesListed = Math.min(mostSpikesListed, numbers[17]);
    presentation.familiar = numbers[8] === 1;
    presentation.operations = this.operations();
    const given = this.#given;
    presentation.given.answer = given[0];
    presentation.given.confidence = this.#givenVotes[1];
    presentation.given.lead = this.#givenVotes[2];
    presentation.given.classAnswer = given[3];
    presentation.given.voted = given[0];
    presentation.given.linear = presentation.given.trusting = -1;
    presentation.given.decided = false;
    presentation.given.operations = sumOf(this.#numbers, counts, given, givenCounts);
    return presentation;
  }

  /** Operations of the last call; a new object. */
  operations(): OperationCounts {
    const numbers = this.#numbers;
    return {
      inputSpikes: numbers[9],
      encoderUpdates: numbers[10],
      synapticEvents: numbers[11],
      neuronUpdates: numbers[12],
      plasticityUpdates: numbers[13],
      normalisationUpdates: numbers[14],
      thresholdUpdates: numbers[15],
      labelUpdates: numbers[16],
      outputSpikes: numbers[17],
    };
  }
}

// Without a loop, since it runs for every sample.
function sumOf(net: Int32Array, at: number, own: Int32Array, ownAt: number): OperationCounts {
  return {
    inputSpikes: net[at] + own[ownAt],
    encoderUpdates: net[at + 1] + own[ownAt + 1],
    synapticEvents: net[at + 2] + own[ownAt + 2],
    neuronUpdates: net[at + 3] + own[ownAt + 3],
    plasticityUpdates: net[at + 4] + own[ownAt + 4],
    normalisationUpdates: net[at + 5] + own[ownAt + 5],
    thresholdUpdates: net[at + 6] + own[ownAt + 6],
    labelUpdates: net[at + 7] + own[ownAt + 7],
    outputSpikes: net[at + 8] + own[ownAt + 8],
  };
}

/** Size of a network, including its class tables. */
export interface ClassifyingShape extends NetworkShape {
  /** Maximum number of classes, 1..4096. */
  readonly classes: number;
  /** Pictures brighter than half on average are inverted. */
  readonly polarity: boolean;
}

/** A neuron's knowledge of classes: R_jc and M_jc for the whole capacity. */
export interface NeuronKnowledge {
  readonly evidence: Float32Array;
  readonly message: Float32Array;
}

/** Total evidence of a neuron whose classes were assigned. */
const sureness = 1000;

/**
 * A spiking network that learns online, with its neurons' knowledge of classes. It is shown one sample at a time. Its
 * state is in WebAssembly memory. The equations are in the kernel's files; subclasses define the presentation.
 *
 * @typeParam P - the kernel's parameters of one sample
 */
export abstract class SpikingNetwork<P extends object = object> {
  /** D. */
  readonly inputs: number;
  /** The next sample: D intensities 0..255, row-major. The caller writes it before {@link SpikingNetwork.present}. */
  readonly input: Uint8Array;
  /** Votes by class for the last sample: those of the net, and those of the given answer. */
  readonly votes: Float32Array;
  readonly givenVotes: Float32Array;
  /** Views of the state. */
  readonly state: NetworkState;
  /** Evidence that the last label gave each of the nearest neurons, in the order of {@link SpikingNetwork.lists}. */
  readonly nearestCredit: Float32Array;
  protected readonly kernel: Kernel;
  readonly #touched: ReturnType<Kernel['global']>;
  readonly #classes: ReturnType<Kernel['global']>;
  readonly #reader: PresentationReader;
  #parameters: P | undefined;
  /** A presentation with steps has begun and not ended. */
  #unfinished = false;

  /**
   * @param constants - globals of the kernel that stay the same for this network
   * @throws TopsparkError `out_of_range` naming value and bound; `out_of_memory`
   */
  constructor(
    readonly shape: ClassifyingShape,
    constants: Readonly<Record<string, number>>,
    private readonly layout: WeightLayout,
  ) {
    this.inputs = checkNetworkShape(shape);
    checkInteger('network: classes', shape.classes, 1, mostClasses);
    const kernel = instantiateKernel();
    const create = layout === 'byNeuron' ? 'create' : 'createInTime';
    if (kernel.call[create](shape.neurons, this.inputs, shape.classes, Number(shape.polarity)) === 0) {
      const size = `${shape.neurons} neurons of ${this.inputs} inputs`;
      throw new TopsparkError('out_of_memory', 'environment', `the network has ${size}, expected memory for it`);
    }
    this.kernel = kernel;
    this.#write(constants);
    // Lanes after the last input read the byte that follows it, which is always 0.
    const scan = kernel.view(Uint16Array, 'scan', (this.inputs + 3) & ~3);
    scan.fill(this.inputs).set(hilbertScan(shape.rows, shape.columns));
    this.input = kernel.view(Uint8Array, 'input', this.inputs);
    this.votes = kernel.view(Float32Array, 'votes', shape.classes);
    this.givenVotes = kernel.view(Float32Array, 'givenVotes', shape.classes);
    this.nearestCredit = kernel.view(Float32Array, 'nearestCredit', mostNearest);
    this.state = viewState(kernel, shape, shape.classes, layout);
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
   * Presents the sample in {@link SpikingNetwork.input}. A sample without an active input changes nothing.
   *
   * @param parameters - of the sample's operating point; the same object as in the last call is not read again
   * @param sample - number of the sample, which seeds random numbers; an integer from 0
   * @returns the same object at every call
   */
  present(parameters: P, learn: Learning, sample = 0): Presentation {
    let more = this.begin(parameters, learn, sample);
    while (more) more = this.advance(mostTimesteps);
    return this.end();
  }

  /**
   * Begins a presentation in slices: {@link SpikingNetwork.advance} runs steps, {@link SpikingNetwork.end} ends it. The
   * result equals that of {@link SpikingNetwork.present} bit for bit. No other method may be called in between.
   *
   * @returns whether there are steps to run
   */
  begin(parameters: P, learn: Learning, sample = 0): boolean {
    if (parameters !== this.#parameters) this.#write({ ...parameters });
    this.#parameters = parameters;
    this.#unfinished = this.start(learn === 'novel' ? 2 : Number(learn), sample);
    return this.#unfinished;
  }

  /**
   * Runs further steps.
   *
   * @returns whether there are steps left
   */
  advance(steps: number): boolean {
    return this.#unfinished && this.run(steps);
  }

  /** Ends the presentation. */
  end(): Presentation {
    if (this.#unfinished) this.finish();
    this.#unfinished = false;
    return this.#reader.read();
  }

  /** Calls of the kernel. `start` returns whether there are steps to run, `run` whether steps are left. */
  protected abstract start(learn: number, sample: number): boolean;
  protected abstract run(steps: number): boolean;
  protected abstract finish(): void;

  /**
   * Opens the next class.
   *
   * @returns its index; the caller keeps it below the capacity
   */
  openClass(): number {
    return this.#classes.value++;
  }

  /** Operations of the last call of the kernel. */
  protected get lastOperations(): OperationCounts {
    return this.#reader.operations();
  }

  /** Lists of the neurons of an earlier sample. The caller fills them before {@link SpikingNetwork.credit}. */
  get lists(): Pick<Presentation, 'fired' | 'firedSpikes' | 'nearest' | 'raster'> {
    return this.#reader.presentation;
  }

  /**
   * Credits a class to neurons in {@link SpikingNetwork.lists}. Ids below 0 are skipped, which keeps the others' ranks.
   *
   * @param firedCount - neurons listed as fired
   * @param nearestCount - neurons listed as nearest
   * @returns the cost in label updates
   */
  credit(label: number, firedCount: number, nearestCount: number): number {
    this.kernel.call.credit(label, firedCount, nearestCount);
    return this.#reader.operations().labelUpdates;
  }

  /**
   * Confirms the answer of the last sample, which nobody corrected: neurons that fired get a part of a label's credit.
   *
   * @param part - 0..1
   * @returns the cost in label updates
   */
  confirm(label: number, firedCount: number, part: number): number {
    this.kernel.call.confirm(label, firedCount, part);
    return this.#reader.operations().labelUpdates;
  }

  /** Undoes {@link SpikingNetwork.confirm} for the neurons in {@link SpikingNetwork.lists}; ids below 0 are skipped. */
  takeBackConfirmed(label: number, firedCount: number, part: number): void {
    this.kernel.call.takeBackConfirmed(label, firedCount, part);
  }

  /**
   * Replaces all evidence by shares of classes. Each neuron is then as certain as after a thousand labels.
   *
   * @param shares - N × classes
   * @param classes - number of classes so far
   */
  assign(shares: Float32Array, classes: number): void {
    const { evidence, message, evidenceSum, owner, owned } = this.state;
    const stride = evidence.length / this.shape.neurons;
    for (const array of [evidence, message, evidenceSum, owner, owned]) array.fill(0);
    for (let j = 0; j < this.shape.neurons; j++) {
      const known = shares.subarray(j * classes, (j + 1) * classes).map((share) => sureness * share);
      const most = known.indexOf(Math.max(...known));
      if (!(known[most] > 0)) continue;
      evidence.set(known, j * stride);
      evidenceSum[j] = sureness;
      owner[j] = most + 1;
      owned[most]++;
    }
  }

  /**
   * Makes a neuron stand for one class only.
   *
   * @param amount - its evidence for that class
   * @returns the knowledge that it had before
   */
  nameNeuron(neuron: number, label: number, amount: number): NeuronKnowledge {
    const { evidence, message } = this.#rows(neuron);
    const before = { evidence: evidence.slice(), message: message.slice() };
    evidence.fill(0);
    message.fill(0);
    evidence[label] = amount;
    this.#own(neuron);
    return before;
  }

  /** Undoes {@link SpikingNetwork.nameNeuron}, but keeps what the neuron has learned since about other classes. */
  unnameNeuron(neuron: number, label: number, before: NeuronKnowledge): void {
    const { evidence, message } = this.#rows(neuron);
    evidence[label] = 0;
    before.evidence.forEach((known, c) => (evidence[c] += known));
    message.set(before.message);
    this.#own(neuron);
  }

  #rows(neuron: number): NeuronKnowledge {
    const { evidence, message } = this.state;
    const stride = evidence.length / this.shape.neurons;
    const row = (table: Float32Array): Float32Array => table.subarray(neuron * stride, (neuron + 1) * stride);
    return { evidence: row(evidence), message: row(message) };
  }

  // Computes sum and owner from the evidence. The sum is computed again in full, so that no rounding error is left.
  #own(neuron: number): void {
    const { evidenceSum, owner, owned } = this.state;
    const { evidence } = this.#rows(neuron);
    evidenceSum[neuron] = evidence.reduce((sum, each) => Math.fround(sum + each), 0);
    const most = evidence.reduce((best, each, c) => (each > evidence[best] ? c : best), 0);
    if (owner[neuron] > 0) owned[owner[neuron] - 1]--;
    owner[neuron] = evidence[most] > 0 ? most + 1 : 0;
    if (owner[neuron] > 0) owned[most]++;
  }

  /**
   * Undoes {@link SpikingNetwork.credit} for the neurons in {@link SpikingNetwork.lists}. The nearest neurons lose what
   * {@link SpikingNetwork.nearestCredit} lists. Evidence that has faded since is not subtracted twice.
   */
  takeBack(label: number, firedCount: number, nearestCount: number): void {
    this.kernel.call.takeBack(label, firedCount, nearestCount);
  }

  /**
   * Forgets one class in all neurons. Later classes move up by one. Weights stay the same.
   *
   * @param into - class that gets its evidence; absent: none
   */
  removeClass(label: number, into?: number): void {
    const last = this.#classes.value - 1;
    for (let j = 0; j < this.shape.neurons; j++) {
      const { evidence, message } = this.#rows(j);
      for (const row of [evidence, message]) {
        if (into !== undefined) row[into] += row[label];
        row.copyWithin(label, label + 1);
        row[last] = 0;
      }
    }
    const { owner, owned } = this.state;
    owner.fill(0);
    owned.fill(0);
    for (let j = 0; j < this.shape.neurons; j++) this.#own(j);
    this.#classes.value = last;
  }

  /** Forgets everything. */
  clear(): void {
    this.kernel.call.clear();
  }

  /**
   * Restores a stored state.
   *
   * @throws TopsparkError `bad_state`; nothing has changed then
   */
  restore(state: NetworkState, scalars: NetworkScalars): void {
    checkState(state, scalars, this.state);
    for (const name of Object.keys(this.state) as (keyof NetworkState)[]) this.state[name].set(state[name]);
    this.#touched.value = scalars.touched;
    this.#classes.value = scalars.classes;
  }

  /**
   * Weights of one neuron, in the order of the inputs; a copy. Their sum is the same for every neuron that has formed.
   *
   * @param neuron - 0..N − 1
   */
  weightsOf(neuron: number): Float32Array {
    const { weights, scale } = this.state;
    const ranks = this.layout === 'byNeuron' ? weights.length / this.shape.neurons : 1;
    const step = this.layout === 'byNeuron' ? 1 : weights.length / this.inputs;
    const found = new Float32Array(this.inputs);
    hilbertScan(this.shape.rows, this.shape.columns).forEach((input, rank) => {
      found[input] = scale[neuron] * weights[neuron * ranks + rank * step];
    });
    return found;
  }

  /**
   * Votes of one spike of a neuron, (R_jc + λ M_jc) / (h_j + λ) for each class so far; a copy.
   *
   * @param neuron - 0..N − 1
   */
  sharesOf(neuron: number): Float32Array {
    const { evidence, message, evidenceSum } = this.state;
    const lambda = this.kernel.global('lambda').value;
    const at = neuron * (evidence.length / this.shape.neurons);
    const own = Math.fround(1 / Math.fround(evidenceSum[neuron] + lambda));
    const heard = Math.fround(own * lambda);
    const share = (c: number): number => Math.fround(own * evidence[at + c]) + Math.fround(heard * message[at + c]);
    return Float32Array.from({ length: this.#classes.value }, (_, c) => share(c));
  }

  /** SHA-256 (hex) of the stored weights, thresholds and class evidence of the neurons that have formed. */
  hash(): string {
    return atOnce(weightsHash(this.state, this.shape.neurons, this.#touched.value));
  }

  #write(numbers: object): void {
    for (const [name, value] of Object.entries(numbers)) this.kernel.global(name).value = Number(value);
  }
}
