import { classNeuronArrays, viewClassNeurons, type ClassNeurons, type ClassNeuronUse } from './class-neuron-state.js';
import type { LeanBaseline } from './lean/lean-baseline.js';
import type { LeanParameters } from './lean/lean-parameters.js';
import type { NetworkScalars, NetworkState } from './network-state.js';
import { SpikingNetwork, type ClassifyingShape } from './spiking-network.js';

/** A lean network: it uses few events, few neurons and no random numbers. It grows as it learns. */
export class Network extends SpikingNetwork<LeanParameters> {
  /** Views of the class neurons. */
  readonly classNeurons: ClassNeurons;

  /**
   * @param use - what class neurons learn from
   * @throws TopsparkError `out_of_range` naming value and bound; `out_of_memory`
   */
  constructor(
    shape: ClassifyingShape,
    baseline: LeanBaseline,
    { selfLearning = false, features = false }: ClassNeuronUse = {},
  ) {
    super(shape, { ...baseline, selfLearning: Number(selfLearning), features: Number(features) }, 'byNeuron');
    this.classNeurons = viewClassNeurons(this.kernel, shape, shape.classes);
  }

  /**
   * Teaches class neurons that the sample in {@link SpikingNetwork.input} is of a class.
   *
   * @param classAnswer - their answer; -1: they were not read
   * @param netAnswer - the answer of the net
   * @returns how many weights changed
   */
  teachClass(label: number, classAnswer: number, netAnswer: number): number {
    this.kernel.call.teachClass(label, classAnswer, netAnswer);
    return this.lastOperations.plasticityUpdates;
  }

  /**
   * Undoes {@link Network.teachClass} for the sample in {@link SpikingNetwork.input}.
   *
   * @param learned - class neurons learned the sample: this is undone, too
   */
  takeBackClass(label: number, learned: boolean): void {
    this.kernel.call.takeBackClass(label, Number(learned));
  }

  /** Moves the evidence that {@link Network.renew} gave a neuron from one class to another, or to none. */
  moveImprint(neuron: number, from: number, to: number | undefined): void {
    const amount = this.kernel.global('renewEvidence').value;
    this.kernel.call.takeEvidence(neuron, from, amount);
    if (to !== undefined) this.kernel.call.giveEvidence(neuron, to, amount);
  }

  /** {@inheritDoc SpikingNetwork.removeClass} */
  override removeClass(label: number, into?: number): void {
    const { weights, seen, labels, self, inverse, common, looks } = this.classNeurons;
    const inputs = weights.length / seen.length;
    const last = this.scalars.classes - 1;
    const row = (c: number): Float32Array => weights.subarray(c * inputs, (c + 1) * inputs);
    if (into !== undefined && seen[label] > 0) {
      const [own, other] = [row(into), row(label)];
      const share = seen[label] / (seen[label] + seen[into]);
      for (let i = 0; i < inputs; i++) own[i] += share * (other[i] - own[i]);
      const square = own.reduce((sum, each) => sum + each * each, 0);
      inverse[into] = square > 0 ? 1 / Math.sqrt(square) : 0;
      for (const counts of [seen, labels, self]) counts[into] += counts[label];
    }
    weights.copyWithin(label * inputs, (label + 1) * inputs, (last + 1) * inputs);
    row(last).fill(0);
    for (const counts of [seen, labels, self, inverse, common, looks]) {
      counts.copyWithin(label, label + 1, last + 1);
      counts[last] = 0;
    }
    super.removeClass(label, into);
  }

  /**
   * Restores class neurons.
   *
   * @param state - finite numbers from 0; `undefined`: clears all class neurons
   */
  restoreClassNeurons(state: ClassNeurons | undefined): void {
    for (const name of classNeuronArrays) {
      this.classNeurons[name].fill(0);
      if (state !== undefined) this.classNeurons[name].set(state[name]);
    }
  }

  /**
   * Turns a neuron into an imprint of the sample in {@link SpikingNetwork.input}.
   *
   * @param label - class of the sample; −1: unknown
   */
  renew(neuron: number, label: number): void {
    this.kernel.call.renew(neuron, label);
  }

  /** {@inheritDoc SpikingNetwork.restore} */
  override restore(state: NetworkState, scalars: NetworkScalars): void {
    super.restore(state, scalars);
    this.kernel.call.restoreRows();
  }

  // A presentation takes microseconds and has hardly any steps, so one call runs all of it.
  protected override start(learn: number): boolean {
    this.kernel.call.present(learn);
    return false;
  }

  protected override run(): boolean {
    return false;
  }

  protected override finish(): void {
    // `start` has run the whole presentation.
  }
}
