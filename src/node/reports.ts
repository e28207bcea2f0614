import type { Logger } from 'pino';
import type { RecalibrationEvent } from '../agent/events.js';
import type { RefusalEvent } from '../base/refusal.js';
import { duration } from '../base/units.js';
import type { Sight } from '../sensing/sensor.js';
import { WarningThrottle } from './warning-throttle.js';

// Lines of the node in its log about events of the agent.

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

/**
 * Logs the outcome of measuring the operating points.
 *
 * @param profiled - whether there is a profile to measure
 */
export function logRecalibration({ samples, error }: RecalibrationEvent, profiled: boolean, logger: Logger): void {
  const why = profiled ? 'no labelled sample is at hand' : 'there is no profile';
  if (error !== undefined) logger.error({ err: error }, 'operating points were not measured');
  else if (samples === 0) logger.info(`operating points not measured: ${why}`);
  else logger.info(`operating points measured again on ${samples} samples`);
}

/** CPU time of a picture at each resolution, in a sentence for the log. */
export function sightTimes(sights: readonly Sight[]): string {
  const each = sights.map(({ resolution, microseconds }) => `${resolution} px ${duration(microseconds * 1e-6)}`);
  return `CPU time of a picture through the pretrained network, as measured now: ${each.join(', ')}`;
}
