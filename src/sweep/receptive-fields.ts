import type { ReceptiveFields } from './profile-result.js';
import type { TrainOutcome } from './train-run.js';

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
