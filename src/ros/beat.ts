import type { Timer } from 'rclnodejs';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import type { RosClock } from './ros-clock.js';

const second = 1_000_000_000n;

/** Of the time since the last beat, so that timers that jitter do not double the time between two [s]. */
const nearly = 0.9;

/** What {@link Beat} tells. */
export interface BeatHearer {
  /** A second is over. */
  readonly beat: () => void;
  /** Simulated time has stood still for a second: whoever waits for it waits for ever. */
  readonly still: () => void;
  /** Time is simulated from now on, or no longer. */
  readonly changed: () => void;
}

/**
 * The node's beat: once a second, whatever becomes of the clock. Where time is simulated, once in each second of it, and
 * where that is slow, stands still or has not begun, in each real one: what a node says of itself must not stop with it.
 */
export class Beat {
  readonly #node: SafeLifecycleNode;
  readonly #clock: RosClock;
  readonly #hearer: BeatHearer;
  readonly #steady: Timer;
  #simulated: Timer | undefined;
  #last = -Infinity;
  #date = NaN;

  constructor(node: SafeLifecycleNode, clock: RosClock, hearer: BeatHearer) {
    this.#node = node;
    this.#clock = clock;
    this.#hearer = hearer;
    this.#steady = clock.steadyTimer(second, () => {
      this.#everySecond();
    });
    this.#follow();
  }

  /** Ends it. */
  close(): void {
    this.#node.destroyTimer(this.#steady);
    if (this.#simulated) this.#node.destroyTimer(this.#simulated);
  }

  #everySecond(): void {
    if (this.#clock.simulated !== (this.#simulated !== undefined)) {
      this.#follow();
      this.#hearer.changed();
    }
    const date = this.#clock.date();
    if (this.#simulated && date === this.#date) this.#hearer.still();
    this.#date = date;
    if (this.#simulated && this.#clock.monotonic() - this.#last < nearly) return;
    this.#beat();
  }

  /** Has a timer in simulated time, or none. */
  #follow(): void {
    if (this.#simulated) this.#node.destroyTimer(this.#simulated);
    this.#simulated = undefined;
    if (!this.#clock.simulated) return;
    this.#simulated = this.#clock.timer(second, () => {
      this.#beat();
    });
  }

  #beat(): void {
    this.#last = this.#clock.monotonic();
    this.#hearer.beat();
  }
}
