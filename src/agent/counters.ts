import type { Answer } from '../classifier/answer.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { AgentStatus } from './agent-status.js';

/** Counts samples that were decided, and inputs that were not. */
export class Counters {
  /** Refused or skipped inputs by cause. */
  readonly dropped = new Map<string, number>();
  readonly #counts = { decided: 0, learned: 0, familiar: 0, unknown: 0, repeats: 0 };

  decided({ learned, familiar, told }: Pick<Answer, 'learned' | 'familiar' | 'told'>): void {
    this.#counts.decided++;
    this.#counts.learned += Number(learned);
    this.#counts.familiar += Number(familiar);
    this.#counts.unknown += Number(told.unknown);
  }

  /** A sample was answered as the one before. @param unknown - which is unknown */
  repeated(unknown: boolean): void {
    this.#counts.decided++;
    this.#counts.repeats++;
    this.#counts.unknown += Number(unknown);
  }

  refused({ cause }: RefusalEvent): void {
    this.dropped.set(cause, (this.dropped.get(cause) ?? 0) + 1);
  }

  get status(): Pick<AgentStatus, 'decided' | 'learned' | 'familiar' | 'unknown' | 'repeats' | 'dropped'> {
    return { ...this.#counts, dropped: this.dropped };
  }
}
