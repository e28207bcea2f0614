import type { Clock } from '../base/clock.js';
import { toStamp, type Stamp } from '../base/stamps.js';

/** The node's clock: ROS time, which simulation may drive, and a monotonic clock for latencies. */
export class RosClock implements Clock {
  constructor(readonly node: { now(): { readonly nanoseconds: bigint } }) {}

  now(): number {
    return Number(this.#nanoseconds()) / 1e9;
  }

  monotonic(): number {
    return performance.now() / 1000;
  }

  /** ROS time now, for a header. */
  stamp(): Stamp {
    return toStamp(this.#nanoseconds());
  }

  #nanoseconds(): bigint {
    return this.node.now().nanoseconds;
  }
}
