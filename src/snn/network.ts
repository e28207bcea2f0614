import { classNeuronArrays, viewClassNeurons, type ClassNeurons } from './class-neuron-state.js';
import type { LeanBaseline } from './lean/lean-baseline.js';
import type { LeanParameters } from './lean/lean-parameters.js';
import type { NetworkScalars, NetworkState } from './network-state.js';
import { SpikingNetwork, type ClassifyingShape } from './spiking-network.js';

/** A network that is presented the lean way: few events, few neurons, no random number. It grows as it learns. */
export class Network extends SpikingNetwork<LeanParameters> {
  /** Views of what class neurons know. */
  readonly classNeurons: ClassNeurons;

  /**
   * @param selfLearning - class neurons learn from unnamed samples, too
   * @throws TopsparkError `out_of_range` naming value and bound; `out_of_memory`
   */
  constructor(shape: ClassifyingShape, baseline: LeanBaseline, selfLearning = false) {
    super(shape, { ...baseline, selfLearning: Number(selfLearning) }, 'byNeuron');
    this.classNeurons = viewClassNeurons(this.kernel, shape, shape.classes);
  }

  /**
   * Tells class neurons of which class the sample in {@link SpikingNetwork.input} is.
   *
   * @param classAnswer - what they said of it; -1: they were not read
   * @param netAnswer - what the net said of it
   * @returns weights that it changed
   */
  teachClass(label: number, classAnswer: number, netAnswer: number): number {
    this.kernel.call.teachClass(label, classAnswer, netAnswer);
    return this.lastOperations.plasticityUpdates;
  }

  /**
   * Takes over stored class neurons.
   *
   * @param state - finite numbers from 0; `undefined`: nothing is known of any class
   */
  restoreClassNeurons(state: ClassNeurons | undefined): void {
    for (const name of classNeuronArrays) {
      this.classNeurons[name].fill(0);
      if (state !== undefined) this.classNeurons[name].set(state[name]);
    }
  }

  /** Makes a neuron an imprint of the sample in {@link SpikingNetwork.input}, known to be of that class; −1: of none. */
  renew(neuron: number, label: number): void {
    this.kernel.call.renew(neuron, label);
  }

  /** {@inheritDoc SpikingNetwork.restore} */
  override restore(state: NetworkState, scalars: NetworkScalars): void {
    super.restore(state, scalars);
    this.kernel.call.restoreRows();
  }

  // Microseconds, and no steps to speak of: one call.
  protected override start(learn: number): boolean {
    this.kernel.call.present(learn);
    return false;
  }

  protected override run(): boolean {
    return false;
  }

  protected override finish(): void {
    // The one call did it.
  }
}
