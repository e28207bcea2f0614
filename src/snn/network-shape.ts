import { checkInteger } from '../base/errors.js';

/** Size of a network. It has D = rows × columns inputs; one row: not a picture. */
export interface NetworkShape {
  /** N, 10..6400. */
  readonly neurons: number;
  /** 1..16384; rows × columns 8..16384. */
  readonly rows: number;
  readonly columns: number;
}

/** Maximum number of classes of a network. */
export const mostClasses = 4096;

/**
 * Checks the shape of a network.
 *
 * @returns D
 * @throws `out_of_range` naming value and bound where a network of this shape is impossible
 */
export function checkNetworkShape(shape: NetworkShape): number {
  checkInteger('network: neurons', shape.neurons, 10, 6400);
  checkInteger('network: rows', shape.rows, 1, 16384);
  checkInteger('network: columns', shape.columns, 1, 16384);
  const inputs = shape.rows * shape.columns;
  checkInteger('network: inputs (rows × columns)', inputs, 8, 16384);
  return inputs;
}
