import type { LeanBaseline } from './lean/lean-baseline.js';
import type { LeanParameters } from './lean/lean-parameters.js';
import type { NetworkScalars, NetworkState } from './network-state.js';
import { SpikingNetwork, type ClassifyingShape } from './spiking-network.js';

/** A network that is presented the lean way: few events, few neurons, no random number. It grows as it learns. */
export class Network extends SpikingNetwork<LeanParameters> {
  /** @throws TopsparkError `out_of_range` naming value and bound; `out_of_memory` */
  constructor(shape: ClassifyingShape, baseline: LeanBaseline) {
    super(shape, { ...baseline }, 'byNeuron');
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
