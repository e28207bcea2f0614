import type { RefusalEvent } from '../base/refusal.js';
import { WarningThrottle } from './warning-throttle.js';

/** Least time between two warnings of the same topic and cause [s]. */
const warningPeriod = 5;

/** Reports refused inputs: a throttled warning each, and the last one for diagnostics. */
export class Refusals {
  readonly #throttle = new WarningThrottle(warningPeriod);
  readonly #last = new Map<string, { readonly message: string; readonly time: number }>();

  /**
   * @param warn - writes a warning
   * @param fail - writes an error: `internal_error` is a fault of the program, not of the input
   */
  constructor(
    readonly warn: (message: string) => void,
    readonly fail: (message: string) => void,
  ) {}

  /** @param now - monotonic time [s] */
  hear({ topic, cause, message }: RefusalEvent, now: number): void {
    this.#last.set(topic, { message, time: now });
    const suppressed = this.#throttle.admit(`${topic} ${cause}`, now);
    if (suppressed === undefined) return;
    const more = suppressed > 0 ? ` (and ${suppressed} more like it)` : '';
    const write = cause === 'internal_error' ? this.fail : this.warn;
    write(`${topic}: ${message} [${cause}]${more}`);
  }

  /** The last refusal of a topic, where it is recent; `undefined` otherwise. */
  recent(topic: string, now: number): string | undefined {
    const last = this.#last.get(topic);
    return last !== undefined && now - last.time < warningPeriod ? last.message : undefined;
  }
}
