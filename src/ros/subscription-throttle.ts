import type { Subscription, Timer } from 'rclnodejs';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import type { RosClock } from './ros-clock.js';

const nanoseconds = 1e9;

/**
 * Keeps a subscription shut while no message of it is wanted. The middleware holds the newest, so that opening finds
 * one at once; what came before it was neither taken nor converted, which is most of what a message costs.
 *
 * With 640×480 at 30 Hz, CPU of one core: 2.1 % where all are taken and five a second used, 1.0 % with the gate, 0.8 % where
 * a timer takes, which is late for what comes when it is wanted; 1.4 % where the subscription is destroyed, which costs a
 * discovery among all nodes each time; a content filter killed the publisher (docs/benchmarks.md).
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
   * Shuts; call it inside a callback of the node.
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

  /** Time is simulated from now on, or no longer: the wait under way was in another time, so that it ends. */
  changeTime(): void {
    this.close();
    this.open();
  }

  /** Removes the gate; the subscription is its owner's. */
  close(): void {
    if (this.#timer) this.node.destroyTimer(this.#timer);
    this.#timer = undefined;
  }

  #openIn(wait: number): void {
    this.#timer ??= this.#newTimer();
    this.#timer.changeTimerPeriod(BigInt(1 + Math.ceil(wait * nanoseconds)));
    this.#timer.reset();
  }

  // By the time that the waits are in; and inside the node's callbacks, where changing what it waits for does not have to
  // wait itself.
  #newTimer(): Timer {
    const timer = this.clock.timer(BigInt(nanoseconds), () => {
      timer.cancel();
      if (!this.#open) this.node.attend(this.subscription);
      this.#open = true;
    });
    return timer;
  }
}
