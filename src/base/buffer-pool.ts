import type { Tensor } from './snapshot.js';

/** Copies an array for a snapshot. */
export type Copy = <T extends Tensor['data']>(name: string, array: T) => T;

/** Allocates a new array for each copy. */
export const freshCopy: Copy = (_, array) => array.slice() as typeof array;

/**
 * Memory for the copies of successive snapshots. Copying into memory used before takes a twentieth of the time, since
 * the system provides new memory page by page. A snapshot made with it is valid until the next one.
 */
export class BufferPool {
  readonly #arrays = new Map<string, Tensor['data']>();

  /** @param name - identifies the array within a snapshot */
  readonly copy: Copy = (name, array) => {
    const kept = this.#arrays.get(name) as typeof array | undefined;
    if (kept?.length === array.length) {
      kept.set(array as never);
      return kept;
    }
    const fresh = freshCopy(name, array);
    this.#arrays.set(name, fresh);
    return fresh;
  };
}
