import type { Timer } from 'rclnodejs';
import { Elapsed, monotonic, type Clock, toStamp, type Stamp } from '../base/time.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import { clockTypes, ros } from './rclnodejs.js';

/**
 * The node's clock: ROS time, and elapsed time for durations. Simulated time may replace both. Timers use the latter.
 */
export class RosClock implements Clock {
  readonly monotonic = monotonic;
  readonly #steady = new ros.Clock(clockTypes.steady);
  readonly #elapsed = new Elapsed();
  /** Source of the last elapsed time; simulated time that has not begun is 0. */
  #source: 'steady' | 'not begun' | 'simulated' = 'steady';

  constructor(readonly node: SafeLifecycleNode) {}

  /** Whether time is simulated; the parameter use_sim_time may change at any time. */
  get simulated(): boolean {
    return (this.node.getClock() as { readonly isRosTimeActive?: boolean }).isRosTimeActive === true;
  }

  date(): number {
    return Number(this.#nanoseconds()) / 1e9;
  }

  elapsed(): number {
    const simulated = this.simulated;
    const time = simulated ? this.date() : this.monotonic();
    const source = simulated ? (time === 0 ? 'not begun' : 'simulated') : 'steady';
    const begins = source !== this.#source;
    this.#source = source;
    return this.#elapsed.read(time, begins);
  }

  /** ROS time now, for a header. */
  stamp(): Stamp {
    return toStamp(this.#nanoseconds());
  }

  /**
   * Creates a timer of the node that follows the current source of {@link RosClock.elapsed}.
   *
   * @param period - [ns]
   */
  timer(period: bigint, callback: () => void): Timer {
    return this.simulated ? this.node.createTimer(period, callback) : this.steadyTimer(period, callback);
  }

  /** Creates a timer that simulated time does not affect. */
  steadyTimer(period: bigint, callback: () => void): Timer {
    return this.node.createTimer(period, callback, this.#steady);
  }

  #nanoseconds(): bigint {
    return this.node.now().nanoseconds;
  }
}
