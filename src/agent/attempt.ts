import { map, filter, type OperatorFunction } from 'rxjs';
import { TopsparkError } from '../base/errors.js';
import type { RefusalEvent } from './events.js';

/**
 * Maps each input by `step`; an input that `step` refuses becomes a {@link RefusalEvent} and the stream goes on.
 * `undefined` says nothing. An error that is not ours is a fault of the program: it is told as `internal_error`, with
 * its own words, and the robot keeps deciding.
 *
 * @param topic - relative topic name that the refusal names
 */
export function attempt<In, Out>(
  topic: string,
  step: (input: In) => Out,
): OperatorFunction<In, NonNullable<Out> | RefusalEvent> {
  return (source) =>
    source.pipe(
      map((input) => tried(topic, () => step(input))),
      filter((event) => event != null),
    );
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
