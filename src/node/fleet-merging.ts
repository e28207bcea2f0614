import type { Logger } from 'pino';
import type { Agent } from '../agent/agent.js';
import { TopsparkError, explain } from '../base/errors.js';
import { didYouMean, quoted } from '../base/quoted.js';
import { refusal, type RefusalEvent } from '../base/refusal.js';
import { inTurns } from '../base/slices.js';
import type { Stamp } from '../base/time.js';
import { percent } from '../base/units.js';
import { mergedOf, type MergedRobot } from '../fleet/own-contribution.js';
import type { MergeResult, TrialResult } from '../fleet/trial.js';
import type { Checkpoints } from './checkpoints.js';
import type { FleetFolder } from './fleet-folder.js';
import { FleetMergeThread } from './fleet-merge-thread.js';
import type { FleetSettings } from './fleet-parameters.js';

/** Result of the last merge. */
export interface MergeReport {
  /** In words. */
  readonly text: string;
  readonly stamp: Stamp;
  readonly kept: boolean;
  readonly trial: TrialResult;
}

/** Parts that a {@link FleetMerging} works with. */
export interface FleetMergingParts {
  readonly agent: Agent;
  readonly checkpoints: Checkpoints;
  readonly folder: FleetFolder;
  readonly settings: FleetSettings;
  readonly logger: Logger;
  /** Monotonic time [s]. */
  readonly time: () => number;
  readonly stamp: () => Stamp;
  readonly refuse: (event: RefusalEvent) => void;
}

/** Called when a request has ended. */
export type MergeAnswered = (success: boolean, message: string) => void;

interface Outcome {
  readonly success: boolean;
  readonly message: string;
}

/** Up to so many samples and labels are heard again before the next decision; more are heard again in the thread. */
const fewHeard = 8;
const mostRounds = 50;

/**
 * Merges what other robots share into what this one knows, in a separate thread. Decisions, labels and learning go on,
 * and what they change is not lost (followed-merge.ts). The state before the merge is saved first; the merged state is
 * saved before the request is answered.
 */
export class FleetMerging {
  readonly #parts: FleetMergingParts;
  #report: MergeReport | undefined;
  #thread: FleetMergeThread | undefined;
  #answered: MergeAnswered | undefined;
  #closed = false;
  #undo: string;
  /** Monotonic time of the last automatic merge [s]. */
  #mergedAt = -Infinity;

  constructor(parts: FleetMergingParts) {
    this.#parts = parts;
    this.#undo = parts.checkpoints.store.step;
  }

  /** Checkpoint from before the last merge that was kept; empty: none. */
  get undo(): string {
    return this.#undo;
  }

  /** Result of the last merge; `undefined`: none since the start. */
  get report(): MergeReport | undefined {
    return this.#report;
  }

  /** Robots whose learning is part of what this robot knows. */
  get merged(): readonly MergedRobot[] {
    return mergedOf(this.#parts.agent.fleet);
  }

  /**
   * Call it once a second. It merges automatically if there is something new, at most once per `fleet.share_every`.
   *
   * @param rests - the robot charges, or has decided nothing for a while
   */
  tick(rests: boolean): void {
    const { settings, agent, time } = this.#parts;
    const may = settings.merge === 'resting' ? rests : settings.merge === 'charging' && agent.charging;
    if (!may || this.#answered !== undefined || this.#closed) return;
    if (time() - this.#mergedAt < settings.shareEvery || !this.#isNew()) return;
    this.#mergedAt = time();
    this.merge(() => undefined);
  }

  /** Merges all complete contributions, and calls `answered` at the end. */
  merge(answered: MergeAnswered): void {
    this.#begin(answered, async () => {
      const { folder, settings } = this.#parts;
      const set = folder.contributions.without(settings.robot);
      if (set.all.length === 0) {
        const found = 'nothing of another robot is here whole';
        throw new TopsparkError('fleet_nothing', 'usage', `${found}, expected at least one: see ~/fleet`);
      }
      const { result, saved } = await this.#work();
      folder.noteTried(set.all.map(({ manifest }) => manifest));
      const success = result.merged || result.refused.length === 0;
      return { success, message: `${describe(result)}${saved === '' ? '' : `; saved ${saved}`}` };
    });
  }

  /**
   * Removes what came from a robot, and accepts nothing more from it.
   *
   * @param known - names of the robots of the fleet
   */
  forget(robot: string, known: readonly string[], answered: MergeAnswered): void {
    this.#begin(answered, async () => {
      const { folder } = this.#parts;
      const merged = this.merged.find((each) => each.robot === robot);
      const names = [...new Set([...known, ...this.merged.map((each) => each.robot)])];
      if (merged === undefined && !names.includes(robot)) {
        const found = `there is no robot ${quoted(robot)}${didYouMean(robot, names)}`;
        const listed = names.length === 0 ? 'none' : names.map((name) => quoted(name)).join(', ');
        throw new TopsparkError('fleet_robot', 'usage', `${found}; known are ${listed}`);
      }
      await folder.forget(robot);
      const gone = `${robot} is forgotten, and nothing of it is taken any more`;
      if (merged === undefined) return { success: true, message: `${gone}; nothing of it was merged` };
      try {
        const { saved } = await this.#work(robot);
        return { success: true, message: `${gone}; it had a part in ${merged.neurons} neurons; saved ${saved}` };
      } catch (error) {
        if (!(error instanceof TopsparkError)) throw error;
        const left = `nothing of ${robot} is taken any more, but what came from it before stays`;
        throw new TopsparkError(error.code, error.kind, `${left}: ${error.message}`);
      }
    });
  }

  /** Ends merging; a merge under way is given up and changes nothing. */
  close(): void {
    this.#closed = true;
    this.#thread?.end();
    this.#answer(false, 'the node is being closed: nothing was changed');
  }

  #isNew(): boolean {
    const { folder, settings } = this.#parts;
    const others = folder.contributions.without(settings.robot).all;
    return others.some(({ manifest: { robot, version } }) => {
      const merged = this.merged.some((each) => each.robot === robot && each.version === version);
      return !merged && folder.tried.get(robot) !== version;
    });
  }

  // Runs one request at a time.
  #begin(answered: MergeAnswered, work: () => Promise<Outcome>): void {
    const { refuse, logger } = this.#parts;
    if (this.#answered !== undefined || this.#closed) {
      answered(false, 'a merge is under way already; ask again when it has ended');
      return;
    }
    this.#answered = answered;
    work().then(
      ({ success, message }) => {
        logger.info(`fleet: ${message}`);
        this.#answer(success, message);
      },
      (error: unknown) => {
        if (this.#closed) return;
        const event = refusal('fleet', error);
        // A wrong request is only answered; every other failure is counted, too.
        if (error instanceof TopsparkError && error.kind === 'usage') logger.info(`fleet: ${error.message}`);
        else refuse(event);
        this.#answer(false, explain(error));
      },
    );
  }

  #answer(success: boolean, message: string): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(success, message);
  }

  // Merges everything; with `gone`, merges again without that robot.
  async #work(gone?: string): Promise<{ readonly result: MergeResult; readonly saved: string }> {
    const { agent, checkpoints, folder, settings, refuse, time } = this.#parts;
    const { robot, weights } = settings;
    const { capture, meanwhile } = agent.beginMerge();
    const thread = new FleetMergeThread();
    this.#thread = thread;
    try {
      const mine = await inTurns(capture);
      const contributions = folder.contributions.all;
      const options = agent.classifierOptions;
      const result = await thread.merge({
        ...{ kind: 'merge', mine, contributions, robot, weights, options },
        ...(gone !== undefined && { gone }),
      });
      for (const { cause, message } of result.refused) refuse({ kind: 'refusal', topic: 'fleet', cause, message });
      let saved = '';
      if (result.merged) {
        this.#undo = await checkpoints.store.saveStep(mine);
        let { snapshot } = result;
        for (let round = 0; meanwhile.length > fewHeard && round < mostRounds; round++) {
          snapshot = await thread.follow(meanwhile.take());
        }
        this.#checkOpen();
        agent.takeMerged(snapshot, meanwhile);
        this.#note(result);
        saved = await checkpoints.saveAndWait(time());
      } else this.#note(result);
      return { result, saved };
    } finally {
      agent.endMerge(meanwhile);
      thread.end();
      this.#thread = undefined;
    }
  }

  #note(result: MergeResult): void {
    const { merged: kept, trial } = result;
    this.#report = { text: describe(result), stamp: this.#parts.stamp(), kept, trial };
  }

  #checkOpen(): void {
    if (this.#closed) throw new TopsparkError('fleet_merge', 'environment', 'the node is being closed');
  }
}

function describe({ merged, from, united, added, givenUp, refused, trial }: MergeResult): string {
  const { samples, before, after } = trial;
  const head = merged
    ? `merged ${from.length === 0 ? 'without others' : `with ${from.map(({ robot }) => robot).join(', ')}`}: ${united} neurons united, ${added} added, ${givenUp} own given up`
    : refused.length > 0
      ? 'nothing was merged'
      : 'nothing would change';
  const tried =
    before === undefined || after === undefined
      ? 'not tried: there are no labelled samples of its own'
      : `${samples} own labelled samples: ${percent(before.accuracy)} right before, ${percent(after.accuracy)} with the merge`;
  const out = refused.map(({ message }) => `; refused: ${message}`).join('');
  return `${head}${samples === 0 && out !== '' ? '' : `; ${tried}`}${out}`;
}
