import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Resources of a process after a long life. */
export interface LifeFigures {
  /** Resident set after a tenth of the life, at the end, and the most in between [byte]. */
  readonly memoryAfterWarmUp: number;
  readonly memoryAtEnd: number;
  readonly memoryMost: number;
  /** Timers that keep the process alive, more than before it began. */
  readonly timersLeft: number;
  /** By how much the event loop was late [s]. */
  readonly loopDelayP99: number;
  readonly loopDelayMost: number;
}

/** Watches memory, timers and event loop of this process until {@link LifeWatch.end}. */
export class LifeWatch {
  readonly #timers = timers();
  readonly #delay = monitorEventLoopDelay({ resolution: 5 });
  #warm = 0;
  #most = 0;

  /** The event loop is watched from now on: starting up is no part of a long life. */
  begin(): void {
    this.#delay.enable();
  }

  /** @param done - share of the life that is over, 0..1 */
  look(done: number): void {
    const now = process.memoryUsage.rss();
    if (done < 0.1) this.#warm = now;
    this.#most = Math.max(this.#most, now);
  }

  /** The event loop is watched no longer. */
  pause(): void {
    this.#delay.disable();
  }

  /** The result. */
  end(): LifeFigures {
    this.pause();
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
