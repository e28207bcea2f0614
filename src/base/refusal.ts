import { TopsparkError } from './errors.js';

/** An input that was refused or skipped, counted under its cause. */
export interface RefusalEvent {
  readonly kind: 'refusal';
  /** Name of the sensor, or `label`, `battery_state`. */
  readonly topic: string;
  /** Cause under which it is counted, snake_case. */
  readonly cause: string;
  /** A sentence: found, expected. Empty where a cause is ordinary and wants no warning. */
  readonly message: string;
  /** Stamp of the sample that will not be decided for it [ns]; absent where it concerns no sample. */
  readonly stamp?: bigint;
}

/** What `step` returns, or the {@link RefusalEvent} of what it threw. */
export function tried<Out>(topic: string, step: () => Out): Out | RefusalEvent {
  try {
    return step();
  } catch (error) {
    return refusal(topic, error);
  }
}

/** What an error says to the user: ours a cause and a sentence, any other `internal_error` and all that is known. */
export function refusal(topic: string, error: unknown): RefusalEvent {
  if (error instanceof TopsparkError) return { kind: 'refusal', topic, cause: error.code, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'refusal', topic, cause: 'internal_error', message };
}
