import type { Logger } from 'pino';
import type { Agent } from '../agent/agent.js';
import { TopsparkError } from '../base/errors.js';
import type { CheckpointStore, StoredCheckpoint } from '../checkpoint/checkpoint-store.js';

/** What diagnostics show of the checkpoints. */
export interface CheckpointReport {
  readonly directory: string;
  /** The last one that was written or read; empty before. */
  readonly name: string;
  /** Why the last attempt to write failed. */
  readonly fault: string | undefined;
}

/** What an agent learned, kept in files: at shutdown, on request, and every `interval` while there is news. */
export class Checkpoints {
  #name = '';
  #fault: string | undefined;
  #saved: { readonly time: number; readonly learned: number };

  /**
   * @param interval - [s]; 0: only at shutdown and on request
   * @param learned - a number that changes whenever something was learned
   * @param now - time of the robot [s]
   */
  constructor(
    readonly agent: Agent,
    readonly store: CheckpointStore,
    readonly interval: number,
    readonly learned: () => number,
    readonly logger: Logger,
    now: number,
  ) {
    this.#saved = { time: now, learned: this.learned() };
  }

  get report(): CheckpointReport {
    return { directory: this.store.directory, name: this.#name, fault: this.#fault };
  }

  /** Restores the newest that fits; those that are broken or of another network are warned about and passed over. */
  restoreNewest(): void {
    const stored = this.store.restoreNewest(
      (snapshot) => {
        this.agent.restore(snapshot);
      },
      (error) => {
        this.logger.warn(`checkpoint: ${error.message}; trying an older one`);
      },
    );
    this.#name = stored?.name ?? '';
    const told = stored === undefined ? 'no checkpoint to restore: starting anew' : `restored ${describe(stored)}`;
    this.logger.info(`${told} (${this.store.directory})`);
  }

  /** @throws {@link TopsparkError} `checkpoint_*` */
  load(name: string): string {
    const stored = this.store.load(name === '' ? this.#newest() : name);
    this.agent.restore(stored.snapshot);
    this.#name = stored.name;
    return `loaded ${describe(stored)}`;
  }

  /** @throws {@link TopsparkError} `checkpoint_unwritable` */
  save(now: number): string {
    this.#saved = { time: now, learned: this.learned() };
    try {
      const stored = this.store.save(this.agent.snapshot());
      this.#name = stored.name;
      this.#fault = undefined;
      return `saved ${describe(stored)}`;
    } catch (error) {
      if (error instanceof TopsparkError) this.#fault = error.message;
      throw error;
    }
  }

  /** Saves where something was learned and the interval is over; a failure is told, not thrown. */
  saveWhenDue(now: number): void {
    const since = now - this.#saved.time;
    // Simulated time may jump back; then the interval starts anew.
    if (since < 0) this.#saved = { ...this.#saved, time: now };
    if (this.interval === 0 || since < this.interval) return;
    if (this.#saved.learned !== this.learned()) this.trySave(now);
    else this.#saved = { ...this.#saved, time: now };
  }

  /** Saves; a failure is told, not thrown. */
  trySave(now: number): void {
    try {
      this.logger.info(this.save(now));
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      this.logger.error(`checkpoint: ${error.message}`);
    }
  }

  #newest(): string {
    const newest = this.store.names().at(0);
    if (newest !== undefined) return newest;
    throw new TopsparkError('checkpoint_none', 'checkpoint', `there is no checkpoint in ${this.store.directory}`);
  }
}

const describe = ({ name, snapshot }: StoredCheckpoint): string => `${name}, weights ${snapshot.weightsHash}`;
