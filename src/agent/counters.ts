import { RingBuffer } from '../base/ring-buffer.js';
import type { Answer } from '../classifier/answer.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { AgentStatus } from './agent-status.js';

/** Decisions over which latencies are looked at. */
const lookBack = 1000;

/** Counts what the agent did. */
export class Counters {
  /** Refused or skipped inputs by cause. */
  readonly dropped = new Map<string, number>();
  readonly #counts = { decided: 0, learned: 0, familiar: 0, labelled: 0, tested: 0, right: 0 };
  readonly #latencies = new RingBuffer(lookBack);

  decided({ latency, learned, familiar }: Pick<Answer, 'learned' | 'familiar'> & { latency: number }): void {
    this.#latencies.add(latency);
    this.#counts.decided++;
    this.#counts.learned += Number(learned);
    this.#counts.familiar += Number(familiar);
  }

  /** A label has found its sample; `fair`: it says how often answers are right. */
  labelled(right: boolean, fair: boolean): void {
    this.#counts.labelled++;
    if (!fair) return;
    this.#counts.tested++;
    this.#counts.right += Number(right);
  }

  refused({ cause }: RefusalEvent): void {
    this.dropped.set(cause, (this.dropped.get(cause) ?? 0) + 1);
  }

  get status(): Pick<
    AgentStatus,
    'decided' | 'learned' | 'familiar' | 'labelled' | 'tested' | 'right' | 'dropped' | 'latencyP50' | 'latencyP99'
  > {
    const [latencyP50 = NaN, latencyP99 = NaN] = this.#latencies.quantiles(0.5, 0.99);
    return { ...this.#counts, dropped: this.dropped, latencyP50, latencyP99 };
  }
}
