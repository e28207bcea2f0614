/** An array of a stored state, with its shape; the product of the shape is the array's length. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array | BigInt64Array;
}

/** A value that JSON holds. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A whole state as it is stored: arrays by name and everything else as JSON. */
export interface Snapshot {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly meta: Readonly<Record<string, Json>>;
  /** SHA-256 (hex) of weights, thresholds and class evidence. */
  readonly weightsHash: string;
}
