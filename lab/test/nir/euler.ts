import type { NirGraph } from '../../src/nir/nir-graph.js';

/** What a graph did for one sample. */
export interface EulerRun {
  /** Spikes of each neuron. */
  readonly spikes: readonly number[];
  /** Summed output of all steps. */
  readonly votes: readonly number[];
}

/**
 * Steps a graph of `networkToNir` by forward Euler in float64, by its equations and two rules for which it has no node.
 * Of the neurons above their thresholds only the one farthest above fires, and a neuron takes no input while it rests.
 *
 * @param inputAt - the input of the graph in a step
 */
export function stepGraph({ nodes, metadata }: NirGraph, inputAt: (t: number) => ArrayLike<number>): EulerRun {
  const numbers = (node: string, name: string): ArrayLike<number> => nodes[node].parameters[name].data as Float32Array;
  const neuron = (name: string): ArrayLike<number> => numbers('neurons', name);
  const [synapses, lateral, evidence] = ['synapses', 'inhibition', 'evidence'].map((node) => numbers(node, 'weight'));
  const [tau, r, leak, threshold, reset] = ['tau', 'r', 'v_leak', 'v_threshold', 'v_reset'].map(neuron);
  const N = tau.length;
  const [dt, steps, rest] = [metadata['dt'], metadata['timesteps'], metadata['refractory_steps']].map(Number);
  const v = Array<number>(N).fill(0);
  const spikes = Array<number>(N).fill(0);
  const restsUntil = Array<number>(N).fill(-1);
  const votes = Array<number>(evidence.length / N).fill(0);
  let fired = -1;
  for (let t = 0; t < steps; t++) {
    const x = inputAt(t);
    for (let j = 0; j < N; j++) {
      let current = fired < 0 ? 0 : lateral[j * N + fired];
      if (t > restsUntil[j]) for (let i = 0; i < x.length; i++) current += synapses[j * x.length + i] * x[i];
      v[j] += (dt / tau[j]) * (leak[j] - v[j] + r[j] * current);
    }
    fired = -1;
    for (let j = 0; j < N; j++) {
      const farther = fired < 0 || v[j] - threshold[j] > v[fired] - threshold[fired];
      if (v[j] > threshold[j] && farther) fired = j;
    }
    if (fired < 0) continue;
    v[fired] = reset[fired];
    restsUntil[fired] = t + rest;
    spikes[fired]++;
    votes.forEach((_, c) => (votes[c] += evidence[c * N + fired]));
  }
  return { spikes, votes };
}
