import { setTimeout as sleep } from 'node:timers/promises';

/** Period of checking a condition [ms]. */
const interval = 20;

/**
 * Waits until a condition holds.
 *
 * @returns whether it held; false when `ended` came first
 */
export async function until(condition: () => boolean, ended: AbortSignal): Promise<boolean> {
  while (!ended.aborted) {
    if (condition()) return true;
    await pause(interval, ended);
  }
  return false;
}

/** Waits for some time [ms], or until `ended` is aborted. */
export async function pause(milliseconds: number, ended: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal: ended });
  } catch (error) {
    if (!ended.aborted) throw error;
  }
}

/** Settles when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
