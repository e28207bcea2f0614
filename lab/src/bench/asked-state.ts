import { setTimeout as pause } from 'node:timers/promises';
import { RingBuffer } from 'topspark/agent/decision-latencies.js';

/** Quantiles of durations [s]. */
export interface LatencySpread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Sends requests until `over` settles, at most `rate` a second, and collects their durations. */
export async function asking(
  ask: (request: object) => Promise<unknown>,
  rate: number,
  times: Times,
  over: Promise<unknown>,
): Promise<void> {
  const state = { going: true };
  const loop = async (): Promise<void> => {
    while (state.going) {
      const start = performance.now();
      await ask({});
      times.add((performance.now() - start) / 1000);
      await pause(1000 / rate);
    }
  };
  const asked = loop();
  await over;
  state.going = false;
  await asked;
}

/** Collects durations. */
export class Times {
  #times = new RingBuffer(1_000_000);
  #count = 0;
  #max = 0;

  /** @param seconds - one duration [s] */
  add(seconds: number): void {
    this.#times.add(seconds);
    this.#count++;
    this.#max = Math.max(this.#max, seconds);
  }

  /** Removes all durations. */
  clear(): void {
    this.#times = new RingBuffer(1_000_000);
    this.#count = 0;
    this.#max = 0;
  }

  /** Quantiles of the durations; NaN without any. */
  spread(): LatencySpread {
    const [p50 = NaN, p99 = NaN] = this.#times.quantiles(0.5, 0.99);
    return { count: this.#count, p50, p99, max: this.#max };
  }
}
