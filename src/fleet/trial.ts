import { percent } from '../base/units.js';
import type { Snapshot } from '../base/snapshot.js';
import type { Slices } from '../base/slices.js';
import { recalibrationOf } from '../agent/recalibration-snapshot.js';
import type { KeptSample } from '../classifier/label-buffer.js';
import { storedParts } from '../classifier/linear-stage.js';
import { mostLabelled, OnlineClassifier } from '../classifier/online-classifier.js';
import { leanPoint } from '../timestep/policy/lean-policy.js';
import type { Contribution } from './contribution.js';
import { Contributions } from './contributions.js';
import { networkOf } from './learned.js';
import type { FleetRefusal } from './manifest.js';
import { mergeFleet, type Merge } from './merge.js';
import { mergedOf, type MergedRobot } from './own-contribution.js';

// Before a merge is kept, it is tried on the robot's own labelled samples, by which it also measures itself. Both
// networks answer all of them without learning. Accuracy and mean recall
//
//   among the classes that the robot knew      may fall by the bound, 2 points
//   among all classes                          by five times as much: classes that are new here take some answers
//
// and one sample may always change. The fall is counted from the smaller of two scores: that of the network now, and
// that of its answers when the samples were new. The network has learned these samples since then, and answers them
// better than similar ones. A merged network, whose neurons stand for the samples of all robots, may answer similar
// samples better and these worse.
//
// Before that, each contribution by itself, without anything of this robot, answers those samples whose classes both
// robots know. This robot has not taught it, so the score shows what its evidence is worth. It is refused if its
// accuracy is less than half as far above chance as that of this robot, again the smaller of both scores.
//
// If all contributions together fail, each is tried by itself. Those that fail are refused by name, and the others are
// merged without them.

/** Accuracy and recall of a network on the robot's own labelled samples, 0..1. */
export interface OwnScore {
  readonly accuracy: number;
  /** Mean over the classes. */
  readonly recall: number;
}

/** Result of trying a merge. */
export interface TrialResult {
  /** Labelled samples; 0: there was nothing to try it on. */
  readonly samples: number;
  /** Among the classes that the robot knew, before and with the merge; absent: nothing was tried. */
  readonly before?: OwnScore;
  readonly after?: OwnScore;
  /** Among all classes. */
  readonly afterAmongAll?: OwnScore;
}

/** Result of a merge. */
export interface MergeResult extends Omit<Merge, 'snapshot'> {
  /** Whether the checkpoint changes; false: nothing would change, or everything was refused. */
  readonly merged: boolean;
  /** The checkpoint for the robot; unchanged if nothing was merged. */
  readonly snapshot: Snapshot;
  readonly weightsHash: string;
  readonly classes: readonly string[];
  readonly trial: TrialResult;
}

/** How a merge is tried. */
export interface TrialOptions {
  /** Name of the robot. */
  readonly robot: string;
  /** Largest allowed fall of accuracy and mean recall, 0..1; 0.02 where absent. */
  readonly bound?: number;
}

/** Default of {@link TrialOptions.bound}. */
export const usualBound = 0.02;
/** Allowed fall among all classes, as a multiple of the bound. */
const newcomers = 5;

/**
 * Merges the contributions of others with what a robot has learned, and tries the result on the robot's own labelled
 * samples. The robot stays as it is: its host stores the old checkpoint before it takes the merge over.
 *
 * @param mine - its checkpoint
 * @throws TopsparkError `fleet_network`, `bad_state` where the checkpoint itself cannot be merged
 */
export function* mergeTried(mine: Snapshot, set: Contributions, options: TrialOptions): Slices<MergeResult> {
  const { robot } = options;
  const own = new OwnSamples(mine);
  const refused: FleetRefusal[] = [];
  let rest = set.without(robot);
  for (const contribution of rest.all) {
    const fault = yield* aloneFault(own, contribution);
    if (fault === undefined) continue;
    const { robot: other } = contribution.manifest;
    rest = rest.without(other);
    const message = `contribution of ${other}: ${fault}; it is left out until that robot shares something newer`;
    refused.push({ robot: other, cause: 'fleet_trial', message });
  }
  if (refused.length > 0 && rest.all.length === 0) return { ...kept(mine, { samples: 0 }), refused };
  const all = yield* triedOnce(own, rest, options);
  if (all.fault === undefined) {
    const { result } = all;
    return { ...result, refused: [...refused, ...result.refused] };
  }
  for (const contribution of rest.all) {
    const { robot: other } = contribution.manifest;
    const { fault } = yield* triedOnce(own, rest.only(other), options);
    if (fault === undefined) continue;
    rest = rest.without(other);
    const message = `contribution of ${other}: ${fault}; it is left out until that robot shares something newer`;
    refused.push({ robot: other, cause: 'fleet_trial', message });
  }
  const others = yield* triedOnce(own, rest, options);
  if (others.fault === undefined) return { ...others.result, refused: [...refused, ...others.result.refused] };
  for (const { manifest } of rest.all) {
    const message = `contribution of ${manifest.robot}: together with others ${others.fault}; merge fewer robots, or raise network.neurons`;
    refused.push({ robot: manifest.robot, cause: 'fleet_trial', message });
  }
  return { ...kept(mine, others.result.trial), refused };
}

/**
 * Removes what came from a robot: the merge is computed again from the set without it. Only those versions of other
 * robots count that are merged already, since newer ones have not been tried. Nothing is tried here: the knowledge that
 * only that robot had is lost on purpose.
 *
 * @param mine - the robot's checkpoint
 * @param gone - name of the robot that is forgotten
 * @returns `merged` is false where nothing of that robot is in the checkpoint
 * @throws TopsparkError as {@link mergeTried}
 */
export function* takenBack(mine: Snapshot, set: Contributions, robot: string, gone: string): Slices<MergeResult> {
  const known = new Map(mergedOf(mine).map((each) => [each.robot, each.version]));
  if (!known.has(gone)) return kept(mine, { samples: 0 });
  let rest = set.without(gone);
  for (const { manifest } of rest.all) {
    if (known.get(manifest.robot) !== manifest.version) rest = rest.without(manifest.robot);
  }
  const merge = yield* mergeFleet(mine, rest, robot);
  const { names } = networkOf(merge.snapshot);
  return { ...merge, merged: true, weightsHash: merge.snapshot.weightsHash, classes: names, trial: { samples: 0 } };
}

function kept(mine: Snapshot, trial: TrialResult): MergeResult {
  const { names } = networkOf(mine);
  const nothing = { united: 0, added: 0, givenUp: 0, from: [] as readonly MergedRobot[], refused: [] };
  return { ...nothing, merged: false, snapshot: mine, weightsHash: mine.weightsHash, classes: names, trial };
}

/** Scores of the robot's network on its own labelled samples before any merge; each trial compares with them. */
class OwnSamples {
  #scores: Scores | undefined;
  #least: Scores | undefined;

  constructor(readonly mine: Snapshot) {}

  *scores(): Slices<Scores> {
    if (this.#scores === undefined) {
      const { samples } = recalibrationOf(this.mine, networkOf(this.mine).inputs, mostLabelled);
      const names = new Set(samples.map(({ name }) => name));
      this.#scores = yield* scoresOf(this.mine, samples, (name) => names.has(name));
      const { known, all } = this.#scores;
      const then = scoreWhenNew(samples);
      this.#least = then && { known: smaller(known, then), all: smaller(all, then) };
    }
    return this.#scores;
  }

  /** Scores from which a merge may fall. */
  *least(): Slices<Scores> {
    const scores = yield* this.scores();
    return this.#least ?? scores;
  }
}

const smaller = (a: OwnScore, b: OwnScore): OwnScore => ({
  accuracy: Math.min(a.accuracy, b.accuracy),
  recall: Math.min(a.recall, b.recall),
});

// Score of the answers when the samples were new; `undefined`: there are no samples, or an older checkpoint lacks it.
function scoreWhenNew(samples: readonly KeptSample[]): OwnScore | undefined {
  const answers = new RightAnswers();
  for (const { name, right } of samples) {
    if (right === undefined) return undefined;
    answers.add(name, right);
  }
  return samples.length === 0 ? undefined : answers.score;
}

/** Least number of samples that judge a contribution by itself. */
const leastSamples = 20;

// Fault of a contribution by itself; `undefined`: none is found. The merge refuses one that cannot be read.
function* aloneFault(own: OwnSamples, contribution: Contribution): Slices<string | undefined> {
  const { mine } = own;
  const { inputs } = networkOf(mine);
  const alone = Contributions.none.with(contribution);
  const { snapshot, from } = yield* mergeFleet(freshLike(mine).snapshot(), alone, '');
  if (from.length === 0) return undefined;
  const kept = recalibrationOf(mine, inputs, mostLabelled).samples;
  const theirs = new Set(networkOf(snapshot).names);
  const samples = kept.filter(({ name }) => theirs.has(name));
  const shared = new Set(samples.map(({ name }) => name));
  if (samples.length < leastSamples || shared.size < 2) return undefined;
  const { known } = yield* scoresOf(snapshot, samples, (name) => shared.has(name));
  const before = (yield* own.least()).known.accuracy;
  const chance = 1 / shared.size;
  const least = chance + Math.max(0, before - chance) / 2;
  if (known.accuracy >= least) return undefined;
  const found = `by itself it answers ${percent(known.accuracy)} of ${samples.length} labelled samples of this robot right`;
  return `${found}, expected at least ${percent(least)}`;
}

// A classifier of the same size that knows nothing.
function freshLike(mine: Snapshot): OnlineClassifier {
  const { neurons, rows, columns, polarity, capacity } = networkOf(mine);
  const { meta } = mine;
  return new OnlineClassifier({
    ...{ neurons, rows, columns, polarity, classes: capacity, memory: 1 },
    features: meta['features'] === true,
    ...('linear' in meta && { linear: storedParts(meta['linear']) }),
  });
}

interface Tried {
  readonly result: MergeResult;
  /** Why a merge is not kept. */
  readonly fault: string | undefined;
}

function* triedOnce(own: OwnSamples, set: Contributions, { robot, bound = usualBound }: TrialOptions): Slices<Tried> {
  const { mine } = own;
  const merge = yield* mergeFleet(mine, set, robot);
  const { snapshot } = merge;
  const merged = merge.from.length > 0 && snapshot.weightsHash !== mine.weightsHash;
  const { names } = networkOf(snapshot);
  const identity = { weightsHash: snapshot.weightsHash, classes: names };
  const { inputs } = networkOf(mine);
  // Uses the class names of the merge, since another robot may have renamed or forgotten a class.
  const { samples } = recalibrationOf(snapshot, inputs, mostLabelled);
  const known = new Set(samples.map(({ name }) => name));
  if (samples.length === 0 || merge.from.length === 0) {
    return { result: { ...merge, ...identity, merged, trial: { samples: 0 } }, fault: undefined };
  }
  const alone = yield* own.scores();
  const found = yield* scoresOf(snapshot, samples, (name) => known.has(name));
  const trial = { samples: samples.length, before: alone.known, after: found.known, afterAmongAll: found.all };
  const result = { ...merge, ...identity, merged, trial };
  const counts = new Map<string, number>();
  for (const { name } of samples) counts.set(name, (counts.get(name) ?? 0) + 1);
  const one: OwnScore = {
    accuracy: 1 / samples.length,
    recall: 1 / (counts.size * Math.min(...counts.values())),
  };
  const least = yield* own.least();
  const fault =
    faultOf(least.known, found.known, bound, one, samples.length, 'among the classes known here') ??
    faultOf(least.all, found.all, newcomers * bound, one, samples.length, 'among all classes');
  return { result, fault };
}

function faultOf(
  before: OwnScore,
  after: OwnScore,
  bound: number,
  one: OwnScore,
  samples: number,
  where: string,
): string | undefined {
  for (const what of ['accuracy', 'recall'] as const) {
    const fall = before[what] - after[what];
    const most = Math.max(bound, one[what]);
    // Tolerates rounding for a fall of exactly one sample.
    if (fall <= most + 1e-9) continue;
    const found = `${what} on ${samples} labelled samples of this robot would fall from ${percent(before[what])} to ${percent(after[what])} ${where}`;
    return `${found}, expected at most ${percent(most)} less`;
  }
  return undefined;
}

interface Scores {
  /** Scores with only known classes as answers, and with all. */
  readonly known: OwnScore;
  readonly all: OwnScore;
}

function* scoresOf(
  snapshot: Snapshot,
  samples: readonly KeptSample[],
  known: (name: string) => boolean,
): Slices<Scores> {
  const { neurons, names } = networkOf(snapshot);
  const classifier = freshLike(snapshot);
  classifier.restore(snapshot);
  const point = leanPoint(neurons);
  const candidates = names.flatMap((name, c) => (known(name) ? [c] : []));
  const [among, all] = [new RightAnswers(), new RightAnswers()];
  for (const [k, { intensities, name }] of samples.entries()) {
    const answer = classifier.decide(intensities, BigInt(k), point, false);
    const { scores } = answer;
    const best = candidates.reduce((first, c) => (scores[c] > scores[first] ? c : first), candidates[0] ?? 0);
    among.add(name, names[best] === name);
    all.add(name, answer.label === name);
    if (k % answersInASlice === answersInASlice - 1) yield;
  }
  return { known: among.score, all: all.score };
}

const answersInASlice = 16;

class RightAnswers {
  readonly #classes = new Map<string, { right: number; samples: number }>();

  add(name: string, right: boolean): void {
    const { right: before, samples } = this.#classes.get(name) ?? { right: 0, samples: 0 };
    this.#classes.set(name, { right: before + Number(right), samples: samples + 1 });
  }

  get score(): OwnScore {
    const each = [...this.#classes.values()];
    const sum = (of: (own: { right: number; samples: number }) => number): number =>
      each.reduce((all, own) => all + of(own), 0);
    return {
      accuracy: sum(({ right }) => right) / sum(({ samples }) => samples),
      recall: sum(({ right, samples }) => right / samples) / each.length,
    };
  }
}
