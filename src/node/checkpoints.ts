import type { Logger } from 'pino';
import type { Agent } from '../agent/agent.js';
import { TopsparkError } from '../base/errors.js';
import { BufferPool } from '../base/buffer-pool.js';
import type { Snapshot } from '../base/snapshot.js';
import { stepName, type CheckpointStore, type StoredCheckpoint } from '../checkpoint/checkpoint-store.js';

/** Something that can be saved and restored: an agent, or a classifier alone. */
export type Learner = Pick<Agent, 'capture' | 'snapshot' | 'restore'>;

/** Diagnostics of the checkpoints. */
export interface CheckpointReport {
  readonly directory: string;
  /** The checkpoint written or read last; empty: none yet. */
  readonly name: string;
  /** Why the last attempt to write failed. */
  readonly fault: string | undefined;
  /** Failed attempts to write since the start. */
  readonly failures: number;
}

/** Result of the search for a checkpoint. */
export interface Begun {
  /** The restored checkpoint; empty: none. */
  readonly name: string;
  /** Why the search failed. */
  readonly fault: string | undefined;
}

/**
 * Restores the newest checkpoint that fits. Broken ones and those of another network are logged and set aside.
 *
 * @param accept - restores a snapshot; throws where it does not fit
 */
export function restoreNewest(store: CheckpointStore, accept: (snapshot: Snapshot) => void, logger: Logger): Begun {
  try {
    const stored = store.restoreNewest(accept, ({ error, name }) => {
      logger.warn(`checkpoint: ${error.message}; it is kept as ${name}; trying an older one`);
    });
    const outcome =
      stored === undefined ? 'no checkpoint to restore: starting from scratch' : `restored ${describe(stored)}`;
    logger.info(`${outcome} (${store.directory})`);
    return { name: stored?.name ?? '', fault: undefined };
  } catch (error) {
    if (!(error instanceof TopsparkError && error.kind === 'checkpoint')) throw error;
    logger.error(`checkpoint: ${error.message}`);
    return { name: '', fault: error.message };
  }
}

/** How long a taught sample waits for the rest of its burst, so that the burst is saved once [s]. */
const patience = 5;

/**
 * Saves what an agent has learned: in the background once per `interval` if something was learned, and at shutdown and
 * on request before the call returns. All times are monotonic, even where the robot's time is simulated: a crash loses
 * work done in real time, and simulated time may start again before an interval is over.
 */
export class Checkpoints {
  #name: string;
  #fault: string | undefined;
  #failures = 0;
  #saved: { readonly time: number; readonly learned: number };
  #background: Promise<void> | undefined;
  /** When something unsaved was taught [s]; `undefined`: nothing. */
  #urged: number | undefined;
  /** Buffers of the background save; there is one at a time. */
  readonly #copies = new BufferPool();
  /** Longest time of a background save [s]; a guess before the first. */
  #longest = 0.1;

  /**
   * @param interval - [s]; 0: only at shutdown and on request
   * @param beat - time between two calls of {@link Checkpoints.saveWhenDue} [s]
   * @param learned - a number that changes whenever something was learned
   * @param now - monotonic time [s]
   * @param begun - result of {@link restoreNewest}
   */
  constructor(
    readonly agent: Learner,
    readonly store: CheckpointStore,
    readonly interval: number,
    readonly beat: number,
    readonly learned: () => number,
    readonly logger: Logger,
    now: number,
    begun: Begun = { name: '', fault: undefined },
  ) {
    this.#name = begun.name;
    this.#fault = begun.fault;
    this.#saved = { time: now, learned: this.learned() };
    // Allocates the memory of the first save in advance.
    if (interval > 0) agent.capture(this.#copies.copy);
  }

  get report(): CheckpointReport {
    return { directory: this.store.directory, name: this.#name, fault: this.#fault, failures: this.#failures };
  }

  /** Settles when no background save is running; never rejects. */
  get idle(): Promise<void> {
    return this.#background ?? Promise.resolve();
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
    this.#urged = undefined;
    try {
      const stored = this.store.save(this.agent.snapshot());
      this.#name = stored.name;
      this.#fault = undefined;
      return `saved ${describe(stored)}`;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /**
   * Saves in the background if something was learned and the interval is nearly over. It starts early enough that the
   * save is complete when the interval ends. A failure is logged, not thrown.
   */
  saveWhenDue(now: number): void {
    if (this.#background !== undefined) return;
    if (now - (this.#urged ?? now) >= patience) {
      this.saveBeside(now);
      return;
    }
    if (this.interval === 0) return;
    const since = now - this.#saved.time;
    const due = this.interval - this.beat - 2 * this.#longest;
    if (since < Math.max(due, this.interval / 2)) return;
    if (this.#saved.learned !== this.learned()) this.saveBeside(now);
    else if (since >= this.interval) this.#saved = { ...this.#saved, time: now };
  }

  /** Notes that a sample was taught. It does not wait for the interval: it is saved within seconds, with its burst. */
  urge(now: number): void {
    this.#urged ??= now;
  }

  /**
   * Copies what was learned and saves it while decisions go on, unless a save is running. A failure is logged, not
   * thrown.
   */
  saveBeside(now: number): void {
    if (this.#background !== undefined) return;
    this.#saved = { time: now, learned: this.learned() };
    this.#urged = undefined;
    const begun = performance.now();
    const save = async (): Promise<void> => {
      try {
        const stored = await this.store.saveInTurns(this.agent.capture(this.#copies.copy));
        // A checkpoint saved meanwhile is newer; the step before a merge has no number.
        if (stored.name > this.#name || this.#name === stepName) this.#name = stored.name;
        this.#fault = undefined;
        this.#longest = Math.max(this.#longest, (performance.now() - begun) / 1000);
        this.logger.info(`saved ${describe(stored)}`);
      } catch (error) {
        this.#logError(this.#failed(error));
      }
    };
    const saving = save().finally(() => {
      if (this.#background === saving) this.#background = undefined;
    });
    this.#background = saving;
  }

  /**
   * Saves while decisions go on, and waits until it is done. It first waits for a save under way, which may hold an
   * older state.
   *
   * @returns name of the checkpoint
   * @throws {@link TopsparkError} `checkpoint_unwritable`
   */
  async saveAndWait(now: number): Promise<string> {
    await this.idle;
    const failures = this.#failures;
    this.saveBeside(now);
    await this.idle;
    if (this.#failures > failures) {
      throw new TopsparkError('checkpoint_unwritable', 'checkpoint', this.#fault ?? 'it was not written');
    }
    return this.#name;
  }

  /** Saves at once; a failure is logged, not thrown. */
  trySave(now: number): void {
    try {
      this.logger.info(this.save(now));
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      this.#logError(error); // noted already
    }
  }

  /** Notes and counts a failed write. */
  #failed(error: unknown): TopsparkError {
    const fault = this.#note(error);
    this.#failures++;
    return fault;
  }

  /** Notes why something failed; unforeseen errors are thrown. */
  #note(error: unknown): TopsparkError {
    if (!(error instanceof TopsparkError)) throw error;
    this.#fault = error.message;
    return error;
  }

  #logError({ message }: TopsparkError): void {
    this.logger.error(`checkpoint: ${message}`);
  }

  #newest(): string {
    const newest = this.store.names().at(0);
    if (newest !== undefined) return newest;
    throw new TopsparkError('checkpoint_none', 'checkpoint', `there is no checkpoint in ${this.store.directory}`);
  }
}

const describe = ({ name, snapshot }: StoredCheckpoint): string => `${name}, weights ${snapshot.weightsHash}`;
