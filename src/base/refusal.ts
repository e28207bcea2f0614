import { TopsparkError } from './errors.js';

/** A refused or skipped input, counted under its cause. */
export interface RefusalEvent {
  readonly kind: 'refusal';
  /** Name of the sensor, or `label`, `battery_state`. */
  readonly topic: string;
  /** Cause under which it is counted, snake_case. */
  readonly cause: string;
  /** A sentence: found, expected. Empty where the cause is ordinary and needs no warning. */
  readonly message: string;
  /** Stamp of the sample that will not be decided because of it [ns]; absent where it concerns no sample. */
  readonly stamp?: bigint;
}

/** The result of `step`, or a {@link RefusalEvent} for what it threw. */
export function tried<Out>(topic: string, step: () => Out): Out | RefusalEvent {
  try {
    return step();
  } catch (error) {
    return refusal(topic, error);
  }
}

/** A refusal for an error: a {@link TopsparkError} gives cause and sentence; any other becomes `internal_error`. */
export function refusal(topic: string, error: unknown): RefusalEvent {
  if (error instanceof TopsparkError) return { kind: 'refusal', topic, cause: error.code, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'refusal', topic, cause: 'internal_error', message };
}
