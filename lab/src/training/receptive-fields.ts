import { hilbertScan } from 'topspark/snn/lean/hilbert-scan.js';
import type { TrainOutcome } from './train-run.js';

/** Weights of some neurons of the trained network, to be drawn. */
export interface ReceptiveFields {
  /** Size of one picture [pixel; with 4 channels: cells of 2 × 2 pixels, or of 4 × 4]. */
  readonly rows: number;
  readonly columns: number;
  /**
   * 1: weights of the pixels. 2: of pixels brighter than their surroundings (or than before), then of darker ones. 4:
   * of vertical, rising, horizontal and falling edges; of the directions of `scene` the largest that belong to each.
   */
  readonly channels: 1 | 2 | 4;
  /** Number of formed neurons; only some of them are in `fields`. */
  readonly formed: number;
  readonly fields: readonly {
    readonly neuron: number;
    /** Class that the neuron mostly stands for; empty: none. */
    readonly label: string;
    /** channels × rows × columns bytes in base64; 255 is the neuron's largest weight. */
    readonly weights: string;
  }[];
}

/**
 * Returns the weights of the first formed neurons as pictures.
 *
 * @param most - largest number of pictures
 */
export function receptiveFields(
  { classifier, stream }: Pick<TrainOutcome, 'classifier' | 'stream'>,
  most: number,
): ReceptiveFields {
  const { rows, columns, channels, place } = layoutOf(stream);
  const formed = classifier.neuronsUsed;
  const fields = Array.from({ length: Math.min(most, formed) }, (_, neuron) => {
    const { label, weights } = classifier.view.neuron(neuron);
    const largest = weights.reduce((a, b) => Math.max(a, b), 0) || 1;
    const bytes = new Uint8Array(channels * rows * columns);
    weights.forEach((weight, at) => {
      bytes[place(at)] = Math.max(bytes[place(at)], Math.round((255 * weight) / largest));
    });
    return { neuron, label, weights: Buffer.from(bytes).toString('base64') };
  });
  return { rows, columns, channels, formed, fields };
}

interface Layout extends Pick<ReceptiveFields, 'rows' | 'columns' | 'channels'> {
  /** Index in the picture of an input. */
  readonly place: (input: number) => number;
}

function layoutOf({ image, rows, columns, dataset }: TrainOutcome['stream']): Layout {
  if (image !== 'edges' && image !== 'scene') {
    const channels = image === 'contrast' || image === 'change' ? 2 : 1;
    return { rows: rows / channels, columns, channels, place: (input) => input };
  }
  const side = image === 'edges' ? 2 : 4;
  const [high, wide] = [Math.ceil(dataset.rows / side), Math.ceil(dataset.columns / side)];
  // The planes are stored along the Hilbert curve of their cells.
  const scan = hilbertScan(high, wide);
  const cells = high * wide;
  // Of the sixteen directions, 15, 0, 7 and 8 are those of upright edges, and so on.
  const channel = (plane: number): number => (image === 'edges' ? plane : ((plane + 1) >> 1) & 3);
  const place = (input: number): number => channel(Math.floor(input / cells)) * cells + scan[input % cells];
  return { rows: high, columns: wide, channels: 4, place };
}
