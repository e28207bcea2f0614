import type { Logger } from 'pino';
import type { Agent } from '../agent/agent.js';
import { inTurns } from '../base/slices.js';

/** Measures the agent's operating points anew, one measurement at a time, so that its profile stays true as it learns. */
export class Recalibrations {
  readonly #agent: Pick<Agent, 'recalibrate' | 'profile'>;
  readonly #logger: Logger;
  readonly #atCharger: boolean;
  #running = false;
  #charging = false;

  /** @param atCharger - measure where charging begins, too */
  constructor(agent: Pick<Agent, 'recalibrate' | 'profile'>, logger: Logger, atCharger: boolean) {
    this.#agent = agent;
    this.#logger = logger;
    this.#atCharger = atCharger;
  }

  /** Hears whether the battery is charged, again and again. */
  hearCharging(charging: boolean): void {
    if (charging && !this.#charging && this.#atCharger) this.begin();
    this.#charging = charging;
  }

  /** Measures beside the decisions; does nothing where that is under way. What came of it is told in the log. */
  begin(): void {
    if (this.#running) return;
    this.#running = true;
    void inTurns(this.#agent.recalibrate())
      .then((samples) => {
        const why = this.#agent.profile === undefined ? 'there is no profile' : 'no labelled sample is at hand';
        const told =
          samples === 0
            ? `operating points not measured: ${why}`
            : `operating points measured anew on ${samples} samples`;
        this.#logger.info(told);
      })
      .catch((error: unknown) => {
        this.#logger.error({ err: error }, 'operating points were not measured');
      })
      .finally(() => {
        this.#running = false;
      });
  }
}
