import type { Answer } from '../classifier/answer.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { AgentStatus } from './agent-status.js';

/** Counts samples that were decided, and inputs that were not. */
export class Counters {
  /** Refused or skipped inputs by cause. */
  readonly dropped = new Map<string, number>();
  readonly #counts = { decided: 0, learned: 0, familiar: 0 };

  decided({ learned, familiar }: Pick<Answer, 'learned' | 'familiar'>): void {
    this.#counts.decided++;
    this.#counts.learned += Number(learned);
    this.#counts.familiar += Number(familiar);
  }

  refused({ cause }: RefusalEvent): void {
    this.dropped.set(cause, (this.dropped.get(cause) ?? 0) + 1);
  }

  get status(): Pick<AgentStatus, 'decided' | 'learned' | 'familiar' | 'dropped'> {
    return { ...this.#counts, dropped: this.dropped };
  }
}
