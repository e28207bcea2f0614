import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Resources of a process after a long run. */
export interface LifeFigures {
  /** Resident set after a tenth of the run, at the end, and its maximum [byte]. */
  readonly memoryAfterWarmUp: number;
  readonly memoryAtEnd: number;
  readonly memoryMost: number;
  /** Timers that keep the process alive, in excess of those before the run. */
  readonly timersLeft: number;
  /** Delay of the event loop: 99th percentile, and maximum [s]. */
  readonly loopDelayP99: number;
  readonly loopDelayMost: number;
}

/** Watches memory, timers and event loop of this process until {@link LifeWatch.end}. */
export class LifeWatch {
  readonly #timers = timers();
  readonly #delay = monitorEventLoopDelay({ resolution: 5 });
  #warm = 0;
  #most = 0;

  /** Starts to watch the event loop: starting up does not count as part of a long run. */
  begin(): void {
    this.#delay.enable();
  }

  /** @param done - share of the run that is over, 0..1 */
  look(done: number): void {
    const now = process.memoryUsage.rss();
    if (done < 0.1) this.#warm = now;
    this.#most = Math.max(this.#most, now);
  }

  /** Stops watching the event loop. */
  pause(): void {
    this.#delay.disable();
  }

  /**
   * Stops watching, and returns the result. The event loop turns once before timers are counted: what Node itself has
   * put off to its next turn, such as freeing native memory, counts as an immediate until then.
   */
  async end(): Promise<LifeFigures> {
    this.pause();
    await nextTurn();
    const memoryAtEnd = process.memoryUsage.rss();
    return {
      ...{ memoryAfterWarmUp: this.#warm, memoryAtEnd, memoryMost: Math.max(this.#most, memoryAtEnd) },
      timersLeft: timers() - this.#timers,
      ...{ loopDelayP99: this.#delay.percentile(99) / 1e9, loopDelayMost: this.#delay.max / 1e9 },
    };
  }
}

const timers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length;
