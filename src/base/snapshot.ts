import { TopsparkError } from './errors.js';

/** An array of a stored state, with its shape; the product of the shape is the array's length. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array | BigInt64Array;
}

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A whole state as it is stored: arrays by name, everything else as JSON. */
export interface Snapshot {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly meta: Readonly<Record<string, Json>>;
  /** SHA-256 (hex) of weights, thresholds and class evidence. */
  readonly weightsHash: string;
}

/** Every decision contains the names of all classes, so names have a limit [UTF-16 units]. */
export const longestName = 256;

/** Types of arrays in a snapshot. */
export type StoredArray = Tensor['data'];

/** Numbers of a tensor; `undefined`: the snapshot has no tensor of that name. */
export function dataOf(tensors: Snapshot['tensors'], name: string): StoredArray | undefined {
  return (tensors as Readonly<Record<string, Tensor | undefined>>)[name]?.data;
}

/**
 * Reads an array from a snapshot. It must have the type of `like` and that length, and all elements must be in bounds.
 *
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function storedArray<T extends StoredArray>(
  tensors: Snapshot['tensors'],
  name: string,
  like: T,
  length: number,
  least = -Infinity,
  most = Infinity,
): T {
  const data = dataOf(tensors, name);
  if (data?.constructor !== like.constructor) {
    badState(name, data?.constructor.name ?? 'missing', like.constructor.name);
  }
  if (data.length !== length) badState(`${name}.length`, String(data.length), String(length));
  // Arrays hold a million numbers: an iterator would be slow enough to delay decisions.
  for (let index = 0; index < length; index++) {
    const value = data[index];
    if (!(value >= least && value <= most)) badState(`${name}[${index}]`, String(value), `${least}..${most}`);
  }
  return data as T;
}

/**
 * Reads names of classes from a snapshot.
 *
 * @param what - name of the field, for the error
 * @param most - most names
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function storedNames(found: Json | undefined, what: string, most: number): readonly string[] {
  const listed: readonly Json[] | undefined = Array.isArray(found) ? found : undefined;
  const strange = listed?.find((name) => typeof name !== 'string' || name === '' || name.length > longestName);
  if (listed !== undefined && listed.length <= most && strange === undefined) return listed as readonly string[];
  const text = found === undefined ? 'missing' : JSON.stringify(found).slice(0, 40);
  badState(what, text, `at most ${most} names, none empty or of more than ${longestName} characters`);
}

/** Refuses a snapshot. @throws TopsparkError `bad_state` */
export function badState(what: string, found: string, expected: string): never {
  const message = `${what} of the stored classifier is ${found}, expected ${expected}`;
  throw new TopsparkError('bad_state', 'checkpoint', message);
}
