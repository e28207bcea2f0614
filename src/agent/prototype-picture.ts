import type { Prototype } from '../classifier/online-classifier.js';
import type { ShownInputs } from '../sensing/sensor.js';

/** What stands for a class, as a picture. */
export interface PrototypePicture {
  readonly name: string;
  readonly neuron: number;
  readonly rows: number;
  readonly columns: number;
  /** A byte a cell, row-major; 255: that of the largest weights. */
  readonly weights: Uint8Array;
}

/** A prototype as its sensor's inputs are looked at: weights of the inputs of a cell are added. */
export function prototypePicture({ name, neuron, weights }: Prototype, shown: ShownInputs): PrototypePicture {
  const { rows, columns, cells } = shown;
  const sums = new Float32Array(rows * columns);
  for (const [input, weight] of weights.entries()) sums[cells?.[input] ?? input] += weight;
  const largest = sums.reduce((most, sum) => Math.max(most, sum), 0);
  const bytes = Uint8Array.from(sums, (sum) => (largest > 0 ? Math.round((255 * sum) / largest) : 0));
  return { name, neuron, rows, columns, weights: bytes };
}
