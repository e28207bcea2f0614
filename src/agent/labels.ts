import { putNewest } from '../base/newest.js';
import type { Clock } from '../base/time.js';
import { closest, quoted } from '../base/quoted.js';
import { checkName, cleanName } from '../classifier/class-roster.js';
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

/** Most labels that wait; with one more, the oldest is refused. */
export const mostWaiting = 1000;

/**
 * Most stamps kept of samples that were not decided, and of samples that repeated an answer. A label of the former is
 * refused with its cause; one of the latter names the sample whose answer was repeated.
 */
const mostMissed = 1000;

/** Parts that {@link Labels} works with. */
export interface LabelParts {
  readonly classifier: OnlineClassifier;
  readonly clock: Clock;
  readonly settings: LabelSettings;
  readonly limits: LabelLimits;
  /** Time that the label buffer spans [ns]. */
  readonly span: bigint;
  /** Most decisions a second, now; 0: no limit. */
  readonly maxRate: () => number;
  /** Called with every label that was used. */
  readonly used: (label: UsedLabel) => void;
  /** Called with every sample whose label was undone. */
  readonly takenBack: (stamp: bigint) => void;
}

/** A label that has found its sample. */
export interface UsedLabel {
  readonly outcome: Extract<LabelOutcome, { readonly found: true }>;
  readonly name: string;
  /** Whether the label counts in the accuracy estimate. */
  readonly fair: boolean;
  /** Stamp of the sample [ns]. */
  readonly stamp: bigint;
  /** Whether the network learns from it. */
  readonly learn: boolean;
}

/** Numbers of labels that found their samples; see {@link AgentStatus}. */
export type LabelCounts = Pick<AgentStatus, 'labelled' | 'repeated' | 'groupsNamed' | 'tested' | 'right'>;

/** Reports about a label. */
export type LabelNews = RefusalEvent | NoticeEvent;

/**
 * Matches labels with their samples. A label that comes before its sample is decided waits, and takes effect right
 * after the decision. It waits at most `wait` by the stamps of the samples, not by a clock, so that a replay of a
 * recording ends in the same weights. Where stamps start again, labels belong to the new round: a label far behind the
 * last sample that finds no unlabelled sample waits for the next decision, which shows whether a new round has begun.
 */
export class Labels {
  readonly #parts: LabelParts;
  readonly #reach: LabelReach;
  readonly #wait: bigint;
  #waiting: readonly (WaitingLabel & { readonly heard: number })[] = [];
  /** Stamp of each sample that repeated an answer, with the stamp of the sample whose answer it was; oldest first. */
  readonly #repeats = new Map<bigint, bigint>();
  /** Why samples were not decided, by stamp; oldest first. */
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

  /** Labels used so far. */
  get counts(): LabelCounts {
    return this.#counts;
  }

  /** Labels that wait for their samples. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Labels that have waited longer than `wait` by the clock: no sample has come that would settle them. */
  get overdue(): number {
    const since = this.#parts.clock.elapsed() - this.#parts.settings.wait;
    return this.#waiting.filter(({ heard }) => heard < since).length;
  }

  /** Labels that wait, in order of arrival; a copy. */
  get state(): readonly WaitingLabel[] {
    return this.#waiting.map(({ stamp, name, kind = 'unset', since }) => ({ stamp, name, kind, since }));
  }

  /** Restores labels that waited when a state was stored; those that wait now come after them. */
  restore(state: readonly WaitingLabel[]): void {
    const heard = this.#parts.clock.elapsed();
    this.#last = this.#parts.classifier.remembered.newest;
    this.#waiting = [...state.map((label) => ({ ...label, heard })), ...this.#waiting];
  }

  /** Stamp of the last sample if it repeated an answer [ns]; `undefined`: it was decided. */
  get repeatedLast(): bigint | undefined {
    return this.#last !== undefined && this.#repeats.has(this.#last) ? this.#last : undefined;
  }

  /** A sample repeated the answer of an earlier one: its labels name the earlier one. */
  repeated(stamp: bigint, of: bigint): void {
    this.#last = stamp;
    putNewest(this.#repeats, stamp, of, mostMissed);
  }

  /** Everything learned was forgotten: no sample is known, so no label can be too late. */
  forget(): void {
    this.#last = undefined;
    this.#repeats.clear();
  }

  /**
   * Uses a label, or keeps it until its sample comes. A correction without a name undoes the label of its sample.
   *
   * @returns its refusal or a notice; empty: it was used or waits
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
    // Every decision will contain a name once it is learned.
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
   * A sample was decided: uses the labels that waited for it, and refuses those that have waited too long.
   *
   * @returns refusals and notices
   */
  decided(stamp: bigint, learn: boolean): LabelNews[] {
    const before = this.#last;
    this.#last = stamp;
    if (this.#waiting.length === 0) return [];
    const { span, slop } = this.#reach;
    const reach = span > slop ? span : slop;
    const refusals: LabelNews[] = [];
    // The others were compared with all earlier samples.
    const concerned = (label: bigint): boolean =>
      label <= stamp + slop && (label >= stamp - reach || before === undefined || label > before);
    const startedAgain = before !== undefined && before - stamp > lateness;
    // A label that might have been the first of a new round was not.
    const settled = (label: WaitingLabel): boolean => !startedAgain && label.since === before && this.#farBehind(label);
    this.#waiting = this.#waiting.filter((label) => {
      const expired = this.#expired(label);
      if (!expired && !concerned(label.stamp) && !settled(label)) return true;
      const outcome =
        this.#use(label, learn, !expired && label.stamp > stamp) ?? (expired ? [this.#unknown(label)] : undefined);
      refusals.push(...(outcome ?? []));
      return outcome === undefined;
    });
    return refusals;
  }

  /**
   * A sample will not be decided.
   *
   * @param cause - cause under which it was counted
   * @returns refusals of labels that waited for it
   */
  missed(stamp: bigint, cause: string): RefusalEvent[] {
    putNewest(this.#missed, stamp, cause, mostMissed);
    // The span of the next sample may include this stamp.
    if (this.#reach.span > 0n) return [];
    const lost = this.#waiting.filter((label) => label.stamp === stamp);
    if (lost.length > 0) this.#waiting = this.#waiting.filter((label) => label.stamp !== stamp);
    return lost.map((label) => this.#unknown(label));
  }

  // Returns undefined where the label finds no sample. Two samples may have the same stamp, as in a recording played
  // again: a label of the second finds the first already labelled, and waits for its own.
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
      // The answer 'unknown' does not count as right.
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

  // The label is late, comes a second time, or is the first of a recording that starts again; the next sample shows
  // which.
  #farBehind({ stamp, since }: WaitingLabel): boolean {
    return since - stamp > lateness;
  }

  // Samples have passed its stamp, or it came long ago and its stamp is still far ahead: its clock was set back, or is
  // another clock than that of the samples.
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

/** The sample whose answer was repeated already has this name: there is nothing to learn. */
const repeatedLabel: RefusalEvent = { kind: 'refusal', topic: 'label', cause: 'label_repeated', message: '' };

// Two names that differ by a typing error or by capitals most likely mean the same class.
function similarClass(name: string, known: readonly string[]): NoticeEvent[] {
  const near = known.find((other) => other.toLowerCase() === name.toLowerCase()) ?? closest(name, known);
  if (near === undefined) return [];
  const message =
    `class ${quoted(name)} is new, and ${quoted(near)} is spelt almost the same; ` +
    'if they are the same class, merge them with ~/rename_class';
  return [{ kind: 'notice', topic: 'label', message }];
}

const nanoseconds = (seconds: number): bigint => BigInt(Math.round(seconds * 1e9));
