import type { Timer } from 'rclnodejs';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import type { RosClock } from './ros-clock.js';

/** [ns] */
const second = 1_000_000_000n;

/** Least time since the last beat [s]; below a second, so that timer jitter does not double the period. */
const nearly = 0.9;

/** Callbacks of {@link Beat}. */
export interface BeatListener {
  /** A second is over. */
  readonly beat: () => void;
  /** Simulated time has stood still for a second, so waits in simulated time would never end. */
  readonly still: () => void;
  /** Time is simulated from now on, or no longer. */
  readonly changed: () => void;
}

/**
 * The node's beat, once a second with any clock. It follows simulated time. If that is slow, stands still or has not
 * begun, it follows real time, since the node's own reports must not stop.
 */
export class Beat {
  readonly #node: SafeLifecycleNode;
  readonly #clock: RosClock;
  readonly #listener: BeatListener;
  /** Not a timer of the node: that would wake the waiting thread, which costs an idle node a tenth more. */
  readonly #steady: NodeJS.Timeout;
  #simulated: Timer | undefined;
  #last = -Infinity;
  #date = NaN;

  constructor(node: SafeLifecycleNode, clock: RosClock, listener: BeatListener) {
    this.#node = node;
    this.#clock = clock;
    this.#listener = listener;
    this.#steady = setInterval(() => {
      node.guarded(this.#everySecond.bind(this));
    }, 1000).unref();
    this.#follow();
  }

  /** Ends the beat. */
  close(): void {
    clearInterval(this.#steady);
    if (this.#simulated) this.#node.destroyTimer(this.#simulated);
  }

  #everySecond(): void {
    if (this.#clock.simulated !== (this.#simulated !== undefined)) {
      this.#follow();
      this.#listener.changed();
    }
    const date = this.#clock.date();
    if (this.#simulated && date === this.#date) this.#listener.still();
    this.#date = date;
    if (this.#simulated && this.#clock.monotonic() - this.#last < nearly) return;
    this.#beat();
  }

  /** Creates or removes the timer in simulated time. */
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
    this.#listener.beat();
  }
}
