import type { Answer } from '../classifier/answer.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { AgentStatus } from './agent-status.js';

/** Counts decided samples and refused inputs. */
export class Counters {
  /** Refused or skipped inputs by cause. */
  readonly dropped = new Map<string, number>();
  readonly #counts = { decided: 0, learned: 0, familiar: 0, unknown: 0, repeats: 0 };

  decided({ learned, familiar, reported }: Pick<Answer, 'learned' | 'familiar' | 'reported'>): void {
    this.#counts.decided++;
    this.#counts.learned += Number(learned);
    this.#counts.familiar += Number(familiar);
    this.#counts.unknown += Number(reported.unknown);
  }

  /** A sample repeated the last answer. @param unknown - whether that was 'unknown' */
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
