import { setImmediate } from 'node:timers/promises';

/**
 * Work cut into short pieces: it yields after each, and returns its result. The first piece runs only when the first is
 * asked for, so what must be seen at the moment of the call is taken before the generator is made.
 *
 * Where another thread works on it, it yields a promise of when that is done; asked for earlier, the next piece waits.
 */
export type Slices<T> = Generator<Promise<void> | undefined, T, undefined>;

/** Does all of it now. */
export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Does a piece at a time and lets everything else that waits have its turn in between. */
export async function inTurns<T>(work: Slices<T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await (value ?? setImmediate());
  }
}
