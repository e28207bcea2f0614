import { map, filter, type OperatorFunction } from 'rxjs';
import { tried, type RefusalEvent } from '../base/refusal.js';

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
