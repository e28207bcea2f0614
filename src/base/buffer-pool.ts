import type { Tensor } from './snapshot.js';

/** Copies an array for a snapshot. */
export type Copy = <T extends Tensor['data']>(name: string, array: T) => T;

/** A copy of its own each time. */
export const freshCopy: Copy = (_, array) => array.slice() as typeof array;

/**
 * Memory for the copies of one snapshot after another. Copying into memory that was used before takes a twentieth of the
 * time: the system hands over new memory page by page. A snapshot made of it holds until the next one.
 */
export class BufferPool {
  readonly #arrays = new Map<string, Tensor['data']>();

  /** @param name - each array of a snapshot has its own */
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
