import type { CostTable } from './cost-table.js';

/** Timesteps of the unscaled network, 1 ms each. */
export const unscaledTimesteps = 350;
/** Input spikes per timestep: 128 Hz · 1 ms · Σ x̂ with Σ x̂ = 100. */
const spikesPerStep = 12.8;

/**
 * Energy of one sample in the unscaled network, spikes in time at T = 350 [J]:
 *
 *   (12.8 · T · N synaptic events) · c_syn + (N · T neuron updates) · c_neuron
 *
 * Plasticity, normalisation and the encoder are left out, so that a ratio against it is a lower bound: with N = 400 it
 * gives 13.4 µJ, the network measured takes 13.9 µJ in training and 13.7 µJ in inference on MNIST.
 *
 * @param neurons - N
 */
export function unscaledEnergy(neurons: number, table: CostTable): number {
  const synaptic = spikesPerStep * unscaledTimesteps * neurons * table.synapticEvents;
  return (synaptic + neurons * unscaledTimesteps * table.neuronUpdates) * 1e-12;
}
