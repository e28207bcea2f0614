import { Random } from 'topspark/base/random.js';
import type { Answer } from 'topspark/classifier/answer.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { Recall } from '../world/recall.js';
import type { LabelledStream, StreamSample } from './labelled-streams.js';

/** Options of a run that tests whether a network reports what it does not know. */
export interface UnknownRunOptions {
  /** Labels per sample, drawn at random, 0..1. */
  readonly budget: number;
  /** Share of false alarms that the network aims at, 0..1. */
  readonly rate: number;
  readonly neurons: number;
  readonly point: OperatingPoint;
  readonly seed: number;
}

/** How well a score separates unknown samples from known ones. Shares 0..1. */
export interface UnknownRow {
  /** `met`: unknown classes occur while learning but are never named. `never`: they occur in the test only. */
  readonly kind: 'met' | 'never';
  readonly score: 'unknown' | 'confidence' | 'lead';
  /** Whether the node uses this score, at its own threshold; the others are set to give as many false alarms. */
  readonly shipped: boolean;
  /** Probability that an unknown sample scores higher than a known one. */
  readonly auroc: number;
  /** Shares of the unknown samples, and of the known ones, that are reported as unknown. */
  readonly found: number;
  readonly falseAlarms: number;
}

/** Expected calibration error of the confidence, in 15 bins: in the second half of learning, and on the frozen test. */
export interface CalibrationErrors {
  readonly calibrationError: number;
  readonly calibrationErrorHeld: number;
}

interface Scored {
  readonly unknown: boolean;
  readonly flagged: boolean;
  readonly scores: Readonly<Record<UnknownRow['score'], number>>;
}

/**
 * Leaves classes out and measures how well their samples are found.
 *
 * @param left - classes that are never named
 * @param progress - called with the number of samples done since the last call
 */
export function unknownRun(
  stream: LabelledStream,
  options: UnknownRunOptions,
  left: ReadonlySet<string>,
  progress: (done: number) => void,
): UnknownRow[] {
  return (['met', 'never'] as const).flatMap((kind) => {
    const { classifier, end } = learned(stream, options, progress, (truth) => {
      return left.has(truth) ? (kind === 'met' ? 'unnamed' : 'unseen') : 'named';
    });
    const tested: Scored[] = [];
    for (const { answer, truth } of frozen(classifier, end, stream, options, progress)) {
      const { unknown: flagged, unknownScore, confidence } = answer.reported;
      const scores = { unknown: unknownScore, confidence: -confidence, lead: -answer.lead };
      tested.push({ unknown: left.has(truth), flagged, scores });
    }
    const share = (of: boolean, of_: (each: Scored) => boolean): number => {
      const all = tested.filter(({ unknown }) => unknown === of);
      return all.filter(of_).length / all.length;
    };
    const falseAlarms = share(false, ({ flagged }) => flagged);
    return (['unknown', 'confidence', 'lead'] as const).map((score): UnknownRow => {
      const known = tested.filter(({ unknown }) => !unknown).map(({ scores }) => scores[score]);
      known.sort((a, b) => b - a);
      const threshold = known[Math.floor(falseAlarms * known.length)];
      const shipped = score === 'unknown';
      const is = (each: Scored): boolean => (shipped ? each.flagged : each.scores[score] > threshold);
      const auroc = aurocOf(tested.map(({ unknown, scores }) => [unknown, scores[score]]));
      return { kind, score, shipped, auroc, found: share(true, is), falseAlarms: share(false, is) };
    });
  });
}

/** Effect of one label for a class that was met but not named. Shares 0..1. */
export interface GroupRow {
  /**
   * `met`: the class occurs from the start and is named near the end. `pair`: the same for two classes together.
   * `noon`: the class appears half way and is named as soon as it is flagged.
   */
  readonly kind: 'met' | 'pair' | 'noon';
  /** What the one label names: the group of the sample, or the sample alone. */
  readonly names: 'group' | 'sample';
  readonly name: string;
  /** Samples of the class until one was flagged as a group without a name; `null`: none was, so it was not named. */
  readonly flagged: number | null;
  /**
   * Neurons that the label named; and the share of the neurons with its name that, in the second half, fired most often
   * for this class. NaN where there are none.
   */
  readonly neurons: number;
  readonly pure: number;
  /** Recall of the class, and mean recall of the others, on the test without learning. */
  readonly recall: number;
  readonly others: number;
}

/**
 * Leaves classes out, one at a time and then two together. Each is named by one label, once a sample of it is flagged
 * as a group without a name. The other classes get random labels all along.
 *
 * @param progress - called with the number of samples done since the last call
 */
export function groupRun(
  stream: LabelledStream,
  options: UnknownRunOptions,
  left: readonly string[],
  progress: (done: number) => void,
): GroupRow[] {
  const alone = (['met', 'noon'] as const).flatMap((kind) =>
    (['sample', 'group'] as const).flatMap((names) =>
      left.flatMap((name) => namedOnce(stream, options, { kind, names, left: [name] }, progress)),
    ),
  );
  return left.length < 2
    ? alone
    : [...alone, ...namedOnce(stream, options, { kind: 'pair', names: 'group', left }, progress)];
}

/** Number of runs in {@link groupRun} with so many classes left out. */
export const groupRuns = (left: number): number => 4 * left + (left < 2 ? 0 : 1);

function namedOnce(
  stream: LabelledStream,
  options: UnknownRunOptions,
  { kind, names, left }: Pick<GroupRow, 'kind' | 'names'> & { readonly left: readonly string[] },
  progress: (done: number) => void,
): GroupRow[] {
  const { budget, rate, neurons, point, seed } = options;
  const classifier = new OnlineClassifier({ ...stream.shape, neurons, classes: 64, unknownRate: rate });
  const draws = new Random(-1 - seed);
  const [shownFrom, namedFrom] = kind === 'noon' ? [0.5, 0.5] : [0, 0.9];
  const seen = Array.from({ length: neurons }, () => new Map<string, number>());
  const found = new Map<string, Pick<GroupRow, 'flagged' | 'neurons' | 'pure'>>();
  const met = new Map(left.map((name) => [name, 0]));
  let [shown, end] = [0, 0];
  for (const { intensities, truth } of stream.samples) {
    progress(1);
    const [drawn, passed] = [draws.uniform() < budget, shown++ / stream.count];
    const before = met.get(truth);
    if (before !== undefined && passed < shownFrom) continue;
    const stamp = BigInt(end++);
    const { reported } = classifier.decide(intensities, stamp, point, true);
    const { fired } = classifier.view.firing();
    if (passed > 0.5) for (const j of fired) seen[j].set(truth, (seen[j].get(truth) ?? 0) + 1);
    if (before === undefined) {
      if (drawn) classifier.label(stamp, truth, { kind: 'random' });
      continue;
    }
    met.set(truth, before + 1);
    if (!reported.group || found.has(truth) || passed < namedFrom) continue;
    const outcome = classifier.label(stamp, truth, { kind: names === 'group' ? 'answer' : 'random' });
    const own = seen.filter((_, j) => classifier.view.neuron(j).label === truth);
    const pure = own.filter((truths) => [...truths.values()].every((count) => count <= (truths.get(truth) ?? 0)));
    const count = outcome.found ? outcome.named : 0;
    found.set(truth, { flagged: before + 1, neurons: count, pure: count > 0 ? pure.length / own.length : NaN });
  }
  const tested = new Recall();
  for (const { answer, truth } of frozen(classifier, end, stream, options, progress)) {
    tested.add(truth, answer.label === truth);
  }
  const { byClass } = tested;
  const rest = Object.keys(byClass).filter((name) => !left.includes(name));
  const others = rest.reduce((sum, name) => sum + byClass[name], 0) / rest.length;
  const never = { flagged: null, neurons: 0, pure: NaN };
  return left.map((name) => ({ kind, names, name, ...(found.get(name) ?? never), recall: byClass[name], others }));
}

/** Compares the confidence with the share of right answers, with all classes named. */
export function calibrationRun(
  stream: LabelledStream,
  options: UnknownRunOptions,
  progress: (done: number) => void,
): CalibrationErrors {
  const while_ = new Bins();
  const { classifier, end } = learned(
    stream,
    options,
    progress,
    () => 'named',
    ({ label, reported, sample }, truth) => {
      if (2 * sample >= stream.count) while_.add(reported.confidence, label === truth);
    },
  );
  const after = new Bins();
  for (const { answer, truth } of frozen(classifier, end, stream, options, progress)) {
    after.add(answer.reported.confidence, answer.label === truth);
  }
  return { calibrationError: while_.error, calibrationErrorHeld: after.error };
}

function learned(
  stream: LabelledStream,
  { budget, rate, neurons, point, seed }: UnknownRunOptions,
  progress: (done: number) => void,
  use: (truth: string) => 'named' | 'unnamed' | 'unseen',
  heard?: (answer: Answer, truth: string) => void,
): { readonly classifier: OnlineClassifier; readonly end: number } {
  const classifier = new OnlineClassifier({ ...stream.shape, neurons, classes: 64, unknownRate: rate });
  const draws = new Random(-1 - seed);
  let end = 0;
  for (const { intensities, truth } of stream.samples) {
    progress(1);
    const used = use(truth);
    const named = draws.uniform() < budget;
    if (used === 'unseen') continue;
    const stamp = BigInt(end++);
    const answer = classifier.decide(intensities, stamp, point, true);
    heard?.(answer, truth);
    if (named && used === 'named') classifier.label(stamp, truth, { kind: 'random' });
  }
  return { classifier, end };
}

function* frozen(
  classifier: OnlineClassifier,
  end: number,
  stream: LabelledStream,
  { point }: UnknownRunOptions,
  progress: (done: number) => void,
): Generator<{ readonly answer: Answer; readonly truth: StreamSample['truth'] }> {
  let sample = end;
  for (const { intensities, truth } of stream.test) {
    progress(1);
    yield { answer: classifier.decide(intensities, BigInt(sample++), point, false), truth };
  }
}

/** Area under the ROC curve by the Mann-Whitney statistic; ties count half. */
export function aurocOf(scored: readonly (readonly [unknown: boolean, score: number])[]): number {
  const sorted = [...scored].sort(([, a], [, b]) => a - b);
  let [below, pairs, unknown] = [0, 0, 0];
  for (let k = 0; k < sorted.length;) {
    let end = k;
    const own = { known: 0, unknown: 0 };
    for (; end < sorted.length && sorted[end][1] === sorted[k][1]; end++) own[sorted[end][0] ? 'unknown' : 'known']++;
    pairs += own.unknown * (below + own.known / 2);
    below += own.known;
    unknown += own.unknown;
    k = end;
  }
  return pairs / (below * unknown);
}

/** Expected calibration error in 15 bins of equal width. */
class Bins {
  readonly #bins = Array.from({ length: 15 }, () => ({ count: 0, right: 0, said: 0 }));

  add(confidence: number, right: boolean): void {
    const bin = this.#bins[Math.min(14, Math.floor(confidence * 15))];
    bin.count++;
    bin.right += Number(right);
    bin.said += confidence;
  }

  get error(): number {
    const total = this.#bins.reduce((sum, { count }) => sum + count, 0);
    return this.#bins.reduce((sum, { right, said }) => sum + Math.abs(right - said), 0) / total;
  }
}
