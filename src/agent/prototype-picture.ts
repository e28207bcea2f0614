import type { Prototype } from '../classifier/network-view.js';
import type { ShownInputs } from '../sensing/sensor.js';

/** The prototype of a class, as a picture. */
export interface PrototypePicture {
  readonly name: string;
  readonly neuron: number;
  readonly rows: number;
  readonly columns: number;
  /** One byte per cell, row-major; 255: the cell with the largest sum of weights. */
  readonly weights: Uint8Array;
}

/** Draws a prototype in the cells in which the sensor's inputs are shown; a cell adds the weights of its inputs. */
export function prototypePicture({ name, neuron, weights }: Prototype, shown: ShownInputs): PrototypePicture {
  const { rows, columns, cells } = shown;
  const sums = new Float32Array(rows * columns);
  for (const [input, weight] of weights.entries()) sums[cells?.[input] ?? input] += weight;
  const largest = sums.reduce((most, sum) => Math.max(most, sum), 0);
  const bytes = Uint8Array.from(sums, (sum) => (largest > 0 ? Math.round((255 * sum) / largest) : 0));
  return { name, neuron, rows, columns, weights: bytes };
}
