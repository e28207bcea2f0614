import { setImmediate } from 'node:timers/promises';

/**
 * Work cut into short pieces: it yields after each, and returns its result. The first piece runs only on the first
 * `next`, so state of the moment of the call must be read before the generator is made.
 *
 * Where another thread does the work, it yields a promise that resolves when that is done; an earlier `next` blocks
 * until then.
 */
export type Slices<T> = Generator<Promise<void> | undefined, T, undefined>;

/** Does all of the work now. */
export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Does the work piece by piece, with a turn of the event loop in between. */
export async function inTurns<T>(work: Slices<T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await (value ?? setImmediate());
  }
}
