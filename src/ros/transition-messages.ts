import type { TransitionMessage } from './rclnodejs.js';

/** A transition as rclnodejs holds it, whatever its declarations say. */
interface HeldTransition {
  readonly transition: TransitionMessage['transition'];
  readonly startState: TransitionMessage['start_state'];
  readonly goalState: TransitionMessage['goal_state'];
}

/** rclnodejs's transitions under the field names of lifecycle_msgs/msg/TransitionDescription. */
export function transitionMessages(held: readonly object[]): TransitionMessage[] {
  return (held as readonly HeldTransition[]).map(({ transition, startState, goalState }) => ({
    transition: { id: transition.id, label: transition.label },
    start_state: { id: startState.id, label: startState.label },
    goal_state: { id: goalState.id, label: goalState.label },
  }));
}
