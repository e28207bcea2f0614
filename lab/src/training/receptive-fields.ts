import type { TrainOutcome } from './train-run.js';

/** Weights of some neurons of the trained network, for a picture. */
export interface ReceptiveFields {
  /** Size of one picture [pixel]. */
  readonly rows: number;
  readonly columns: number;
  /** 1: weights of the pixels; 2: of the pixels brighter than around them, then of the darker ones. */
  readonly channels: 1 | 2;
  /** Neurons that have formed, of which some are shown. */
  readonly formed: number;
  readonly fields: readonly {
    readonly neuron: number;
    /** Class that it mostly stands for; empty: none. */
    readonly label: string;
    /** channels × rows × columns bytes in base64; 255 is the neuron's largest weight. */
    readonly weights: string;
  }[];
}

/**
 * Weights of the first neurons that have formed, as pictures.
 *
 * @param most - pictures wanted, at most
 */
export function receptiveFields(
  { classifier, stream }: Pick<TrainOutcome, 'classifier' | 'stream'>,
  most: number,
): ReceptiveFields {
  const channels = stream.rows > stream.dataset.rows ? 2 : 1;
  const formed = classifier.neuronsUsed;
  const fields = Array.from({ length: Math.min(most, formed) }, (_, neuron) => {
    const { label, weights } = classifier.neuron(neuron);
    const largest = weights.reduce((a, b) => Math.max(a, b), 0) || 1;
    const bytes = Uint8Array.from(weights, (weight) => Math.round((255 * weight) / largest));
    return { neuron, label, weights: Buffer.from(bytes).toString('base64') };
  });
  return { rows: stream.rows / channels, columns: stream.columns, channels, formed, fields };
}
