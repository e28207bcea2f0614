import type { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { AllCounts } from './meter.js';

// The complexity metrics of NeuroBench's algorithm track for deciding the test samples (J. Yik et al., The NeuroBench
// framework for benchmarking neuromorphic computing algorithms and systems, Nature Communications 16, 2025; definitions
// as in its harness). Here they mean:
//
//   footprint            bytes of weights, thresholds, evidence and class neurons, without samples kept for late labels
//   connectionSparsity   share of zero weights among the weights of all formed neurons
//   activationSparsity   1 − output spikes / (N T)
//   effectiveACs         weights read and added: one per input event and neuron that reads it
//   effectiveMACs        multiply-adds of votes and class neurons
//   dense                the same connections with nothing skipped: N D per presentation; N D T with spikes in time

/** Complexity by NeuroBench. Counts are means per sample. */
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
 * Computes the metrics of a trained classifier.
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
  const inputs = classifier.view.neuron(0).weights.length;
  let zeros = 0;
  for (let j = 0; j < formed; j++)
    for (const weight of classifier.view.neuron(j).weights) zeros += Number(weight === 0);
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
