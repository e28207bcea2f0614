import { badState, dataOf, storedArray, type Snapshot } from '../base/snapshot.js';
import type { Slices } from '../base/slices.js';
import { ridge } from '../snn/linear-readout.js';

// A linear readout (snn/kernel/least-squares.ts) knows  P = (G + ridge I)^-1  and  W = T P ,  with the sufficient
// statistics
//
//   G = sum x x' ,  T_c = sum of x over the samples of class c ,  ridge = 0.3
//
// of all labels. These statistics add up: the readout of many robots is W = (sum T) (sum G + ridge I)^-1 , with the
// prior once. It answers like a readout that has had all their labels. Matrices are inverted by Cholesky,
// G + ridge I = L L' (Golub and Van Loan, Matrix Computations, 4.2). If that fails, G is not a sum of x x'. float64;
// rows from the first to the last.

/** Statistics of a linear readout. */
export interface LinearStatistics {
  /** n: numbers in x. */
  readonly inputs: number;
  /** Lower triangle of G, row by row: n (n + 1) / 2. */
  readonly gram: Float64Array;
  /** T_c by class, n each. */
  readonly goals: readonly Float64Array[];
}

const at = (row: number, column: number): number => (row * (row + 1)) / 2 + column;

/** Numbers of a lower triangle. */
export const triangle = (inputs: number): number => at(inputs, 0);

/**
 * Statistics of the readout in a snapshot; `undefined`: it has none.
 *
 * @param classes - number of classes so far
 * @throws TopsparkError `bad_state`
 */
export function gramOf({ tensors, meta }: Snapshot, classes: number): LinearStatistics | undefined {
  if (!('linear' in meta)) return undefined;
  const stride = (dataOf(tensors, 'linear.weights')?.length ?? 0) / Math.max(1, classes);
  const parts = (meta['linear'] as { readonly parts?: readonly { inputs: number; signed: boolean }[] }).parts ?? [];
  const inputs = parts.reduce((sum, part) => sum + (part.signed ? part.inputs / 2 : part.inputs), 0);
  if (classes === 0) return { inputs, gram: new Float64Array(triangle(inputs)), goals: [] };
  if (stride !== ((inputs + 3) & ~3)) badState('linear.weights', String(stride), `${inputs} numbers for each class`);
  const weights = storedArray(tensors, 'linear.weights', new Float64Array(), classes * stride);
  const blocks = stride / 4;
  const precision = storedArray(tensors, 'linear.precision', new Float64Array(), 8 * blocks * (blocks + 1));
  const inverse = invert(fromBlocks(precision, inputs), inputs);
  if (inverse === undefined) badState('linear.precision', 'no inverse of a sum of squares', 'P of a readout');
  const goals = Array.from({ length: classes }, (_, c) =>
    times(inverse, weights.subarray(c * stride, c * stride + inputs)),
  );
  for (let i = 0; i < inputs; i++) inverse[at(i, i)] -= ridge;
  return { inputs, gram: inverse, goals };
}

/** P and W from statistics, in the layout of a snapshot; `undefined`: G is not a sum of x x'. */
export function* solve({
  inputs,
  gram,
  goals,
}: LinearStatistics): Slices<{ readonly weights: Float64Array; readonly precision: Float64Array } | undefined> {
  const matrix = gram.slice();
  for (let i = 0; i < inputs; i++) matrix[at(i, i)] += ridge;
  const inverse = invert(matrix, inputs);
  yield;
  if (inverse === undefined) return undefined;
  const stride = (inputs + 3) & ~3;
  const weights = new Float64Array(goals.length * stride);
  goals.forEach((goal, c) => {
    weights.set(times(inverse, goal), c * stride);
  });
  return { weights, precision: toBlocks(inverse, inputs) };
}

/** `all` less `part`, number by number; both have the same size. */
export function difference(all: Float64Array, part: Float64Array): Float64Array {
  return all.map((each, k) => each - part[k]);
}

// Inverse of a symmetric matrix, both as lower triangles; undefined: the matrix is not positive definite.
function invert(matrix: Float64Array, n: number): Float64Array | undefined {
  const root = matrix.slice();
  for (let i = 0; i < n; i++) {
    const row = at(i, 0);
    for (let j = 0; j <= i; j++) {
      const other = at(j, 0);
      let sum = root[row + j];
      for (let k = 0; k < j; k++) sum -= root[row + k] * root[other + k];
      if (i !== j) root[row + j] = sum / root[other + j];
      else if (sum > 0) root[row + j] = Math.sqrt(sum);
      else return undefined;
    }
  }
  // L^-1 in place of L, then (L^-1)' L^-1.
  for (let j = 0; j < n; j++) {
    root[at(j, j)] = 1 / root[at(j, j)];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= root[at(i, k)] * root[at(k, j)];
      root[at(i, j)] = sum / root[at(i, i)];
    }
  }
  const inverse = new Float64Array(root.length);
  for (let k = 0; k < n; k++) {
    const row = at(k, 0);
    for (let i = 0; i <= k; i++) {
      const own = root[row + i];
      const to = at(i, 0);
      for (let j = 0; j <= i; j++) inverse[to + j] += own * root[row + j];
    }
  }
  return inverse;
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const product = new Float64Array(vector.length);
  for (let i = 0; i < vector.length; i++) {
    const row = at(i, 0);
    for (let j = 0; j < i; j++) {
      product[i] += matrix[row + j] * vector[j];
      product[j] += matrix[row + j] * vector[i];
    }
    product[i] += matrix[row + i] * vector[i];
  }
  return product;
}

// The kernel stores rows of 4 × 4 blocks up to the block on the diagonal, which is whole; n is rounded up.
function blockAt(row: number, column: number): number {
  const block = row >> 2;
  return 8 * block * (block + 1) + (row & 3) * 4 * (block + 1) + column;
}

function fromBlocks(blocks: Float64Array, n: number): Float64Array {
  const matrix = new Float64Array(triangle(n));
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[at(i, j)] = blocks[blockAt(i, j)];
  return matrix;
}

function toBlocks(matrix: Float64Array, n: number): Float64Array {
  const stride = (n + 3) & ~3;
  const blocks = new Float64Array(8 * (stride / 4) * (stride / 4 + 1));
  for (let i = 0; i < stride; i++) {
    for (let j = 0; j <= (i | 3); j++) {
      const inside = i < n && j < n;
      blocks[blockAt(i, j)] = inside ? matrix[i >= j ? at(i, j) : at(j, i)] : i === j ? 1 / ridge : 0;
    }
  }
  return blocks;
}
