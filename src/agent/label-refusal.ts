import { quoted } from '../base/quoted.js';
import { stampText } from '../base/time.js';
import type { ClassFacts } from '../classifier/class-roster.js';
import type { LabelCause } from '../classifier/label-outcome.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { LabelSettings } from './agent-settings.js';

/** Limits named in refusals of labels. */
export interface LabelLimits {
  readonly classes: number;
  readonly memory: number;
  readonly maxText: number;
}

/** Causes of refused labels, except an unknown stamp. */
type Cause = Exclude<LabelCause, 'unknown_stamp' | 'too_many_classes'> | 'waiting_full';

/** Facts about a label that finds no sample. */
export interface UnknownFacts {
  readonly settings: LabelSettings;
  readonly limits: LabelLimits;
  /** Most decisions a second; 0: no limit. */
  readonly maxRate: number;
  /** Why the sample of exactly that stamp was not decided; `undefined`: not known. */
  readonly missed: string | undefined;
  /** Samples in the label buffer. */
  readonly samples: number;
  /** Their stamps [ns]; `undefined`: there are none. */
  readonly around: { readonly oldest: bigint; readonly newest: bigint; readonly nearest: bigint } | undefined;
}

/** The refusal of a label, with its sentence. */
export function labelRefusal(cause: Cause, stamp: bigint, name: string): RefusalEvent {
  const label = `label ${quoted(name)}`;
  const sentences: Record<Cause, string> = {
    silent_sample: `${label} names the sample of ${stampText(stamp)}, which was silent: there is nothing to learn`,
    duplicate: `${label} is the second for the sample of ${stampText(stamp)}; both name the same class, or nothing was learned from the first`,
    waiting_full: `${label} of ${stampText(stamp)} is the oldest of too many that wait for their samples, and is given up`,
  };
  return refusal(cause, sentences[cause]);
}

/**
 * The refusal of a label of a new class that does not fit.
 *
 * @param known - facts about each class
 * @param times - number of times that the name has come
 */
export function tooManyClasses(
  name: string,
  known: readonly ClassFacts[],
  times: number,
  { classes }: LabelLimits,
): RefusalEvent {
  const least = known.toSorted((a, b) => a.labels - b.labels).slice(0, 3);
  const named = least.map((each) => `${quoted(each.name)} (${each.labels})`).join(', ');
  const found = `label ${quoted(name)} is a new class, but network.classes = ${classes} are known and each has more than 2 labels`;
  const remedy = `raise network.classes or use ~/forget_class; fewest labels: ${named}`;
  return refusal(
    'too_many_classes',
    `${found}; ${remedy}; the new name replaces one of them once it has come more often, so far ${times} times`,
  );
}

/** The refusal of a label for the newest sample where there is none. */
export function noSample(name: string): RefusalEvent {
  const found = `label ${quoted(name)} names the newest sample, and none was decided yet`;
  return refusal('no_sample', `${found}: is the sensor running, and the node active?`);
}

/** The refusal of a correction without a name that finds no label to undo. */
export function nothingTaken(stamp: bigint): RefusalEvent {
  const found = `a correction without a name is to take back the label of ${stampText(stamp)}`;
  return refusal('nothing_taken', `${found}, but no remembered sample of that stamp has learned from a label`);
}

/** Reports that a class was dropped for a new name. No label is refused, but the user should know what is forgotten. */
export function classGivenUp(
  gone: { readonly name: string; readonly labels: number },
  name: string,
  { classes }: LabelLimits,
): RefusalEvent {
  const found = `network.classes = ${classes} are known, and class ${quoted(name)} is new`;
  const done = `class ${quoted(gone.name)}, which had ${gone.labels} labels, is given up for it`;
  const message = `${found}: ${done}; raise network.classes, or look where the names come from`;
  return { kind: 'refusal', topic: 'label', cause: 'class_given_up', message };
}

/** The refusal of a label that finds no sample: which samples there are, how far off they are, and what to do. */
export function unknownStamp(stamp: bigint, name: string, facts: UnknownFacts): RefusalEvent {
  const found = `label ${quoted(name)} names ${stampText(stamp)}`;
  return refusal('unknown_stamp', `${found}, ${reason(stamp, facts)}`);
}

function reason(stamp: bigint, { settings, limits, maxRate, missed, samples, around }: UnknownFacts): string {
  if (missed !== undefined) return `a sample that was not decided: ${missed}`;
  if (around === undefined) return 'and no sample was decided yet';
  const { oldest, newest, nearest } = around;
  const known = `none of the last ${samples} samples: ${stampText(oldest)} … ${stampText(newest)} (${(Number(newest - oldest) / 1e9).toFixed(1)} s)`;
  if (stamp < oldest) {
    const full = samples === limits.memory;
    return `${known}; it comes ${span(oldest - stamp)} too late${full ? `: raise network.memory = ${limits.memory}` : ''}`;
  }
  if (stamp > newest) {
    const waited = `its sample did not come within label.wait = ${settings.wait} s`;
    return `${known}; it is ${span(stamp - newest)} ahead, and ${waited}: compare the clocks of labels and sensor`;
  }
  const off = nearest > stamp ? nearest - stamp : stamp - nearest;
  const skipped = maxRate > 0 ? `; at most ${maxRate} samples a second are decided in this mode` : '';
  const remedy = `copy the stamp of the sensor message, or raise label.slop = ${settings.slop} s`;
  return `${known}; the nearest is ${span(off)} off: ${remedy}${skipped}`;
}

/** A time in words, in milliseconds or seconds. */
function span(time: bigint): string {
  const seconds = Number(time) / 1e9;
  return seconds < 1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
}

const refusal = (cause: string, message: string): RefusalEvent => ({
  ...{ kind: 'refusal', topic: 'label', cause: `label_${cause}`, message },
});
