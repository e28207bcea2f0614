import { setImmediate } from 'node:timers/promises';

/**
 * Work cut into short pieces: it yields after each, and returns its result. The first piece runs only when the first is
 * asked for, so what must be seen at the moment of the call is taken before the generator is made.
 */
export type Slices<T> = Generator<undefined, T, undefined>;

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
    await setImmediate();
  }
}
