import type { Prototype } from '../classifier/online-classifier.js';
import type { ShownInputs } from '../sensing/sensor.js';

/** The prototype of a class, as a picture. */
export interface PrototypePicture {
  readonly name: string;
  readonly neuron: number;
  readonly rows: number;
  readonly columns: number;
  /** One byte a cell, row-major; 255: the cell of the largest weights. */
  readonly weights: Uint8Array;
}

/** Draws a prototype as the inputs of its sensor are shown: weights of the inputs of a cell are added. */
export function prototypePicture({ name, neuron, weights }: Prototype, shown: ShownInputs): PrototypePicture {
  const { rows, columns, cells } = shown;
  const sums = new Float32Array(rows * columns);
  for (const [input, weight] of weights.entries()) sums[cells?.[input] ?? input] += weight;
  const largest = sums.reduce((most, sum) => Math.max(most, sum), 0);
  const bytes = Uint8Array.from(sums, (sum) => (largest > 0 ? Math.round((255 * sum) / largest) : 0));
  return { name, neuron, rows, columns, weights: bytes };
}
