import type { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { AllCounts } from './meter.js';

// The complexity metrics of NeuroBench's algorithm track, of deciding the test samples (J. Yik et al., The NeuroBench
// framework for benchmarking neuromorphic computing algorithms and systems, Nature Communications 16, 2025; the forms are
// those of its harness). What they come to here:
//
//   footprint            bytes of weights, thresholds, evidence and class neurons; samples kept for late labels are not in it
//   connectionSparsity   weights that are 0, of all of neurons that have formed
//   activationSparsity   1 − output spikes / (N T)
//   effectiveACs         weights read and added, one per input event and neuron that reads it
//   effectiveMACs        multiply-adds of votes and class neurons
//   dense                the same connections with nothing left out: N D a presentation, with spikes in time N D T

/** Complexity by NeuroBench; counts are means of a sample. */
export interface NeuroBenchMetrics {
  /** [byte] */
  readonly footprint: number;
  /** Shares, 0..1. */
  readonly connectionSparsity: number;
  readonly activationSparsity: number;
  readonly synapticOperations: {
    readonly effectiveMACs: number;
    readonly effectiveACs: number;
    readonly dense: number;
  };
}

/**
 * Puts them together.
 *
 * @param counts - mean operations of a decision
 * @param network - N, T, and whether it is presented with spikes in time
 */
export function neuroBenchMetrics(
  classifier: OnlineClassifier,
  counts: AllCounts,
  network: { readonly neurons: number; readonly timesteps: number; readonly inTime: boolean },
): NeuroBenchMetrics {
  const { neurons, timesteps, inTime } = network;
  const { tensors, meta } = classifier.snapshot();
  const learned = Object.entries(tensors).filter(([name]) => !name.startsWith('memory.'));
  const footprint = learned.reduce((sum, [, { data }]) => sum + data.byteLength, 0);
  const formed = Number(meta['touched']);
  const inputs = classifier.neuron(0).weights.length;
  let zeros = 0;
  for (let j = 0; j < formed; j++) for (const weight of classifier.neuron(j).weights) zeros += Number(weight === 0);
  return {
    footprint,
    connectionSparsity: formed === 0 ? 1 : zeros / (formed * inputs),
    activationSparsity: 1 - counts.outputSpikes / (neurons * timesteps),
    synapticOperations: {
      effectiveMACs: counts.labelUpdates,
      effectiveACs: counts.synapticEvents,
      dense: neurons * inputs * (inTime ? timesteps : 1),
    },
  };
}
