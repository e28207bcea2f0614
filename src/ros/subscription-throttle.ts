import type { Subscription, Timer } from 'rclnodejs';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import type { RosClock } from './ros-clock.js';

const nanoseconds = 1e9;

/**
 * Keeps a subscription closed while no message is wanted. The middleware holds the newest message, so that one is available
 * at once after opening; earlier messages are neither taken nor converted, which saves most of their cost.
 *
 * CPU of one core with 640×480 at 30 Hz: 2.1 % where all are taken and five a second used, 1.0 % with the throttle.
 * Alternatives: 0.8 % where a timer takes, which is late for messages that are wanted when they come; 1.4 % where the
 * subscription is destroyed, which costs a discovery among all nodes each time; a content filter killed the publisher
 * (docs/benchmarks.md).
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

  /** A message is wanted now. */
  open(): void {
    if (!this.#open) this.#openIn(0);
  }

  /** Time is simulated from now on, or no longer: ends the wait, which was in the other time. */
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
