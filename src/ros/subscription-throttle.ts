import type { Subscription, Timer } from 'rclnodejs';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import type { RosClock } from './ros-clock.js';

const nanoseconds = 1e9;

/**
 * Keeps a subscription closed while no message is wanted. The middleware holds the newest message, so that one is
 * available at once after opening. Earlier messages are neither taken nor converted, which saves most of their cost.
 *
 * CPU of one core with images of 640×480 at 30 Hz, of which five a second are used: 2.1 % if all are taken, 1.0 % with
 * the throttle. Alternatives: 0.8 % if a timer takes messages, but a message that is wanted when it comes is then late;
 * 1.4 % if the subscription is destroyed, which causes a discovery among all nodes each time; a content filter crashed
 * the publisher (docs/benchmarks.md).
 */
export class SubscriptionThrottle {
  #timer: Timer | undefined;
  #open = true;

  constructor(
    readonly node: SafeLifecycleNode,
    readonly clock: RosClock,
    readonly subscription: Subscription,
  ) {}

  /**
   * Closes; call it inside a callback of the node.
   *
   * @param wait - time until the next message is wanted [s]
   */
  shut(wait: number): void {
    this.#openIn(wait);
    if (this.#open) this.node.ignore(this.subscription);
    this.#open = false;
  }

  /** Ends the wait: a message is wanted now. */
  open(): void {
    if (!this.#open) this.#openIn(0);
  }

  /** Ends the wait, since time is simulated from now on, or no longer. */
  changeTime(): void {
    this.close();
    this.open();
  }

  /** Removes the throttle; the subscription belongs to its owner. */
  close(): void {
    if (this.#timer) this.node.destroyTimer(this.#timer);
    this.#timer = undefined;
  }

  #openIn(wait: number): void {
    this.#timer ??= this.#newTimer();
    this.#timer.changeTimerPeriod(BigInt(1 + Math.ceil(wait * nanoseconds)));
    this.#timer.reset();
  }

  // Uses the clock of the waits, and runs inside the node's callbacks, where changing the wait set does not block.
  #newTimer(): Timer {
    const timer = this.clock.timer(BigInt(nanoseconds), () => {
      timer.cancel();
      if (!this.#open) this.node.attend(this.subscription);
      this.#open = true;
    });
    return timer;
  }
}
