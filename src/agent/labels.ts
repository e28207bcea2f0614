import { putNewest } from '../base/newest.js';
import type { Clock } from '../base/time.js';
import { closest, quoted } from '../base/quoted.js';
import { checkName, cleanName } from '../classifier/class-names.js';
import { fairKinds } from '../classifier/label-kinds.js';
import type { LabelOutcome } from '../classifier/label-outcome.js';
import type { OnlineClassifier } from '../classifier/online-classifier.js';
import type { LabelReach } from '../classifier/label-buffer.js';
import type { LabelEvent, NoticeEvent } from './events.js';
import type { RefusalEvent } from '../base/refusal.js';
import {
  classGivenUp,
  labelRefusal,
  nothingTaken,
  tooManyClasses,
  unknownStamp,
  type LabelLimits,
} from './label-refusal.js';
import type { WaitingLabel } from './label-snapshot.js';
import type { LabelSettings } from './agent-settings.js';
import type { AgentStatus } from './agent-status.js';
import { lateness } from '../sensing/in-time/time-line.js';

/** Most labels that wait; one more, and the oldest is refused. */
export const mostWaiting = 1000;

/** Samples that were not decided, or answered as another, that are remembered, so that a label of one can say why or find it. */
const mostMissed = 1000;

/** What labels work with. */
export interface LabelParts {
  readonly classifier: OnlineClassifier;
  readonly clock: Clock;
  readonly settings: LabelSettings;
  readonly limits: LabelLimits;
  /** Time that a sample looks back [ns]. */
  readonly span: bigint;
  /** Decisions a second at most that are in force now; 0: any. */
  readonly maxRate: () => number;
  /** Hears of every label that was used. */
  readonly used: (label: UsedLabel) => void;
  /** Hears of every sample whose label was taken back. */
  readonly takenBack: (stamp: bigint) => void;
}

/** A label that has found its sample. */
export interface UsedLabel {
  readonly outcome: Extract<LabelOutcome, { readonly found: true }>;
  readonly name: string;
  /** It says how often answers are right. */
  readonly fair: boolean;
  /** Stamp of the sample [ns]. */
  readonly stamp: bigint;
  /** Something is learned of it. */
  readonly learn: boolean;
}

/** Labels that have found their samples; of them those that say how often answers are right, and how many were right. */
export type LabelCounts = Pick<AgentStatus, 'labelled' | 'repeated' | 'groupsNamed' | 'tested' | 'right'>;

/** What comes of a label, but what it teaches. */
export type LabelNews = RefusalEvent | NoticeEvent;

/**
 * Labels on their way to their samples. One that comes before its sample was decided waits and takes effect right after
 * that decision. It waits no longer than `wait` by the stamps of the samples, not by any clock, so that a recording that is
 * replayed ends in the same weights. Where stamps start again, labels are of the new round: one that is far behind the last
 * sample and finds none without a label waits for the next decision, which tells whether a new round has begun.
 */
export class Labels {
  readonly #parts: LabelParts;
  readonly #reach: LabelReach;
  readonly #wait: bigint;
  #waiting: readonly (WaitingLabel & { readonly heard: number })[] = [];
  /** Samples that were answered as an earlier one, and which, by their stamps, oldest first. */
  readonly #repeats = new Map<bigint, bigint>();
  /** Causes by the stamps of samples that were not decided, oldest first. */
  readonly #missed = new Map<bigint, string>();
  readonly #counts = { labelled: 0, repeated: 0, groupsNamed: 0, tested: 0, right: 0 };
  /** Stamp of the last sample that was decided. */
  #last: bigint | undefined;

  constructor(parts: LabelParts) {
    const { settings, span } = parts;
    this.#parts = parts;
    this.#reach = { span, slop: nanoseconds(settings.slop) };
    this.#wait = nanoseconds(settings.wait);
  }

  /** Those that were used so far. */
  get counts(): LabelCounts {
    return this.#counts;
  }

  /** Labels that wait for their samples. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Those that have waited longer than `wait` by the clock: no samples come by which to tell whether theirs still will. */
  get overdue(): number {
    const since = this.#parts.clock.elapsed() - this.#parts.settings.wait;
    return this.#waiting.filter(({ heard }) => heard < since).length;
  }

  /** Labels that wait, in the order in which they came; a copy. */
  get state(): readonly WaitingLabel[] {
    return this.#waiting.map(({ stamp, name, kind = 'unset', since }) => ({ stamp, name, kind, since }));
  }

  /** Takes over those that waited when a state was stored; those that wait now go on waiting behind them. */
  restore(state: readonly WaitingLabel[]): void {
    const heard = this.#parts.clock.elapsed();
    this.#last = this.#parts.classifier.remembered.newest;
    this.#waiting = [...state.map((label) => ({ ...label, heard })), ...this.#waiting];
  }

  /** Stamp of the last sample, where it was answered as the one before [ns]; `undefined`: it was decided by itself. */
  get repeatedLast(): bigint | undefined {
    return this.#last !== undefined && this.#repeats.has(this.#last) ? this.#last : undefined;
  }

  /** A sample was answered as an earlier one, from which it hardly differs: what names it names that one. */
  repeated(stamp: bigint, of: bigint): void {
    this.#last = stamp;
    putNewest(this.#repeats, stamp, of, mostMissed);
  }

  /** Everything learned was forgotten: no sample is known that a label could have come too late for. */
  forget(): void {
    this.#last = undefined;
    this.#repeats.clear();
  }

  /**
   * Uses a label, or keeps it until its sample comes. A correction without a name takes the label of its sample back.
   *
   * @returns why it was refused, where it was
   * @throws {@link TopsparkError} `label_empty`, `label_too_long`
   */
  hear({ stamp: named, name: written, kind = 'unset' }: LabelEvent, learn: boolean): LabelNews[] {
    const { limits, clock } = this.#parts;
    const stamp = this.#repeats.get(named) ?? named;
    const name = cleanName(written);
    if (name === '' && kind === 'correction') {
      if (this.#parts.classifier.takeBack(stamp) === undefined) return [nothingTaken(stamp)];
      this.#parts.takenBack(stamp);
      return [];
    }
    // A name that is learned is told with every decision from then on.
    checkName(name, stamp, limits.maxText);
    const label = { stamp, name, kind, since: this.#last ?? stamp };
    if (stamp !== named && this.#parts.classifier.nameOf(stamp) === name) return [repeatedLabel];
    const far = this.#farBehind(label);
    const refusals = this.#use(label, learn, this.#last === undefined || stamp > this.#last || far);
    if (refusals !== undefined) return refusals;
    if (!far && (this.#missed.has(stamp) || this.#expired(label))) return [this.#unknown(label)];
    const [oldest, ...others] = [...this.#waiting, { ...label, heard: clock.elapsed() }];
    if (others.length < mostWaiting) {
      this.#waiting = [oldest, ...others];
      return [];
    }
    this.#waiting = others;
    return [labelRefusal('waiting_full', oldest.stamp, oldest.name)];
  }

  /**
   * A sample was decided: uses the labels that waited for it, and gives up those that have waited long enough.
   *
   * @returns refusals of labels
   */
  decided(stamp: bigint, learn: boolean): LabelNews[] {
    const before = this.#last;
    this.#last = stamp;
    if (this.#waiting.length === 0) return [];
    const { span, slop } = this.#reach;
    const reach = span > slop ? span : slop;
    const refusals: LabelNews[] = [];
    // Others were looked for among all samples before.
    const concerned = (label: bigint): boolean =>
      label <= stamp + slop && (label >= stamp - reach || before === undefined || label > before);
    const startedAgain = before !== undefined && before - stamp > lateness;
    // What may have been the first of a new round was none.
    const settled = (label: WaitingLabel): boolean => !startedAgain && label.since === before && this.#farBehind(label);
    this.#waiting = this.#waiting.filter((label) => {
      const expired = this.#expired(label);
      if (!expired && !concerned(label.stamp) && !settled(label)) return true;
      const told =
        this.#use(label, learn, !expired && label.stamp > stamp) ?? (expired ? [this.#unknown(label)] : undefined);
      refusals.push(...(told ?? []));
      return told === undefined;
    });
    return refusals;
  }

  /**
   * A sample will not be decided.
   *
   * @param cause - under which it was counted
   * @returns refusals of labels that waited for it
   */
  missed(stamp: bigint, cause: string): RefusalEvent[] {
    putNewest(this.#missed, stamp, cause, mostMissed);
    // The next sample may look back over it.
    if (this.#reach.span > 0n) return [];
    const lost = this.#waiting.filter((label) => label.stamp === stamp);
    if (lost.length > 0) this.#waiting = this.#waiting.filter((label) => label.stamp !== stamp);
    return lost.map((label) => this.#unknown(label));
  }

  // undefined: it finds no sample. One that names the second of two samples of a stamp, as of a recording that is played
  // again, finds the first one labelled and waits for its own.
  #use({ stamp, name, kind = 'unset' }: LabelEvent, learn: boolean, ahead: boolean): LabelNews[] | undefined {
    const { classifier, limits, used } = this.#parts;
    const sample = classifier.find(stamp, this.#reach);
    if (sample === undefined) return undefined;
    const known = classifier.classes;
    const options = { learn, kind, corrects: !ahead };
    let outcome = classifier.label(sample, name, options);
    const gone = !outcome.found && outcome.cause === 'too_many_classes' ? classifier.giveWay(name) : undefined;
    if (gone !== undefined) {
      outcome = classifier.label(sample, name, options);
    }
    if (outcome.found) {
      const fair = fairKinds.has(outcome.kind) && outcome.corrected === undefined;
      this.#counts.labelled++;
      this.#counts.repeated += Number(outcome.repeated);
      this.#counts.groupsNamed += Number(outcome.named > 0);
      this.#counts.tested += Number(fair);
      // Whoever was told 'unknown' was told nothing right.
      this.#counts.right += Number(fair && outcome.correct && !outcome.abstained);
      used({ outcome, name, fair, stamp: sample, learn });
      const alike = classifier.classes.length > known.length && gone === undefined ? similarClass(name, known) : [];
      return gone === undefined ? alike : [classGivenUp(gone, name, limits)];
    }
    if (outcome.cause === 'unknown_stamp' || (outcome.cause === 'duplicate' && ahead)) return undefined;
    if (outcome.cause === 'too_many_classes') {
      return [tooManyClasses(name, classifier.classFacts, classifier.claimsOf(name), limits)];
    }
    return [labelRefusal(outcome.cause, stamp, name)];
  }

  // Either it comes too late, or for a second time, or the recording starts again with it: the next sample will tell.
  #farBehind({ stamp, since }: WaitingLabel): boolean {
    return since - stamp > lateness;
  }

  // Samples have gone past its stamp, or it was heard long ago and is still far ahead of them: of a clock that was set back,
  // or of another one.
  #expired({ stamp, since }: WaitingLabel): boolean {
    if (this.#last === undefined) return false;
    const passed = this.#last > since ? this.#last - since : since - this.#last;
    return this.#last - stamp > this.#wait || (passed > this.#wait && stamp - this.#last > this.#wait);
  }

  #unknown({ stamp, name }: LabelEvent): RefusalEvent {
    const { classifier, settings, limits, maxRate } = this.#parts;
    return unknownStamp(stamp, name, {
      ...{ settings, limits, maxRate: maxRate(), missed: this.#missed.get(stamp) },
      ...{ samples: classifier.remembered.samples, around: classifier.around(stamp) },
    });
  }
}

/** A label that says of a sample what is known of the one as which it was answered: there is nothing to learn. */
const repeatedLabel: RefusalEvent = { kind: 'refusal', topic: 'label', cause: 'label_repeated', message: '' };

// Two names that differ by a slip of the finger or by capitals are most likely meant to be one.
function similarClass(name: string, known: readonly string[]): NoticeEvent[] {
  const near = known.find((other) => other.toLowerCase() === name.toLowerCase()) ?? closest(name, known);
  if (near === undefined) return [];
  const message =
    `class ${quoted(name)} is new, and there is ${quoted(near)}, which is written nearly alike; ` +
    'if they are meant to be one, make them one with ~/rename_class';
  return [{ kind: 'notice', topic: 'label', message }];
}

const nanoseconds = (seconds: number): bigint => BigInt(Math.round(seconds * 1e9));
