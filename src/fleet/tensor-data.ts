import type { Snapshot, StoredArray, Tensor } from '../base/snapshot.js';

/** Numbers of a tensor; `undefined`: the snapshot has none of that name. */
export function dataOf(tensors: Snapshot['tensors'], name: string): StoredArray | undefined {
  return (tensors as Readonly<Record<string, Tensor | undefined>>)[name]?.data;
}
