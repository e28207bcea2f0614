import type { Logger } from 'pino';
import type { Agent } from '../agent/agent.js';
import { TopsparkError } from '../base/errors.js';
import { BufferPool } from '../base/buffer-pool.js';
import type { Snapshot } from '../base/snapshot.js';
import type { CheckpointStore, StoredCheckpoint } from '../checkpoint/checkpoint-store.js';

/** What can be stored and taken up again: an agent, or a classifier alone. */
export type Learner = Pick<Agent, 'capture' | 'snapshot' | 'restore'>;

/** What diagnostics show of the checkpoints. */
export interface CheckpointReport {
  readonly directory: string;
  /** The last one that was written or read; empty before. */
  readonly name: string;
  /** Why the last attempt to write failed. */
  readonly fault: string | undefined;
  /** Attempts to write that failed, since the start. */
  readonly failures: number;
}

/** What became of looking for a checkpoint. */
export interface Begun {
  /** The one that was restored; empty: none. */
  readonly name: string;
  /** Why none could be looked for. */
  readonly fault: string | undefined;
}

/**
 * Restores the newest that fits; those that are broken or of another network are told of and set aside.
 *
 * @param accept - restores a snapshot; throws where it does not fit
 */
export function restoreNewest(store: CheckpointStore, accept: (snapshot: Snapshot) => void, logger: Logger): Begun {
  try {
    const stored = store.restoreNewest(accept, ({ error, name }) => {
      logger.warn(`checkpoint: ${error.message}; it lies in the folder as ${name}; trying an older one`);
    });
    const told = stored === undefined ? 'no checkpoint to restore: starting anew' : `restored ${describe(stored)}`;
    logger.info(`${told} (${store.directory})`);
    return { name: stored?.name ?? '', fault: undefined };
  } catch (error) {
    if (!(error instanceof TopsparkError && error.kind === 'checkpoint')) throw error;
    logger.error(`checkpoint: ${error.message}`);
    return { name: '', fault: error.message };
  }
}

/** How long what was taught waits for what follows it, so that a burst is saved once [s]. */
const patience = 5;

/**
 * What an agent learned, kept in files: every `interval` while there is news, beside the decisions; at shutdown and on
 * request before the call returns. All its times are monotonic, also where the robot's time is simulated: what a crash may
 * cost is counted in work of the machine, and simulated time may start again sooner than any interval is over.
 */
export class Checkpoints {
  #name: string;
  #fault: string | undefined;
  #failures = 0;
  #saved: { readonly time: number; readonly learned: number };
  #background: Promise<void> | undefined;
  /** When something was taught that is not saved yet; `undefined`: nothing [s]. */
  #urged: number | undefined;
  /** Of the save in the background; there is one at a time. */
  readonly #copies = new BufferPool();
  /** Longest time that a save in the background took [s]; a guess before the first. */
  #longest = 0.1;

  /**
   * @param interval - [s]; 0: only at shutdown and on request
   * @param beat - time between two calls of {@link Checkpoints.saveWhenDue} [s]
   * @param learned - a number that changes whenever something was learned
   * @param now - monotonic time [s]
   * @param begun - what {@link restoreNewest} did
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
    // So that already the first save finds its memory.
    if (interval > 0) agent.capture(this.#copies.copy);
  }

  get report(): CheckpointReport {
    return { directory: this.store.directory, name: this.#name, fault: this.#fault, failures: this.#failures };
  }

  /** Settles when nothing is being written in the background; never rejects. */
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
   * Saves in the background where something was learned and the interval is nearly over: so early that what is learned in
   * one interval is safe by its end. A failure is told, not thrown.
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

  /** What a person taught is not to wait for the interval: it is saved within seconds, together with what follows it. */
  urge(now: number): void {
    this.#urged ??= now;
  }

  /** Copies what was learned and saves it while decisions go on, unless one is under way; a failure is told, not thrown. */
  saveBeside(now: number): void {
    if (this.#background !== undefined) return;
    this.#saved = { time: now, learned: this.learned() };
    this.#urged = undefined;
    const begun = performance.now();
    const save = async (): Promise<void> => {
      try {
        const stored = await this.store.saveInTurns(this.agent.capture(this.#copies.copy));
        // One that was saved meanwhile is newer.
        if (stored.name > this.#name) this.#name = stored.name;
        this.#fault = undefined;
        this.#longest = Math.max(this.#longest, (performance.now() - begun) / 1000);
        this.logger.info(`saved ${describe(stored)}`);
      } catch (error) {
        this.#tell(this.#failed(error));
      }
    };
    const saving = save().finally(() => {
      if (this.#background === saving) this.#background = undefined;
    });
    this.#background = saving;
  }

  /** Saves at once; a failure is told, not thrown. */
  trySave(now: number): void {
    try {
      this.logger.info(this.save(now));
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      this.#tell(error); // noted already
    }
  }

  /** A write that failed is counted, too. */
  #failed(error: unknown): TopsparkError {
    const fault = this.#note(error);
    this.#failures++;
    return fault;
  }

  /** Keeps why something failed; what is not foreseen is thrown. */
  #note(error: unknown): TopsparkError {
    if (!(error instanceof TopsparkError)) throw error;
    this.#fault = error.message;
    return error;
  }

  #tell({ message }: TopsparkError): void {
    this.logger.error(`checkpoint: ${message}`);
  }

  #newest(): string {
    const newest = this.store.names().at(0);
    if (newest !== undefined) return newest;
    throw new TopsparkError('checkpoint_none', 'checkpoint', `there is no checkpoint in ${this.store.directory}`);
  }
}

const describe = ({ name, snapshot }: StoredCheckpoint): string => `${name}, weights ${snapshot.weightsHash}`;
