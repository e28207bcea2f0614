import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { atOnce } from '../../src/base/slices.js';
import type { Snapshot } from '../../src/base/snapshot.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import { fleetRecordOf, withFleetRecord } from '../../src/agent/fleet-record.js';
import { recalibrationOf, withRecalibration } from '../../src/agent/recalibration-snapshot.js';
import type { Contribution } from '../../src/fleet/contribution.js';
import { Contributions } from '../../src/fleet/contributions.js';
import { mergeFleet, type Merge } from '../../src/fleet/merge.js';
import { contributionOf, mergedOf } from '../../src/fleet/own-contribution.js';
import { robotWeights } from '../../src/fleet/robot-weights.js';
import { mergeTried, type MergeResult } from '../../src/fleet/trial.js';
import { TaughtRobot } from './taught-robot.js';

const when = 1_790_000_000;
const shareOf = (snapshot: Snapshot, robot: string, version = 1): Contribution =>
  atOnce(contributionOf(snapshot, { robot, version, when }));
const setOf = (...contributions: Contribution[]): Contributions =>
  contributions.reduce((set, each) => set.with(each), Contributions.none);
const merge = (mine: Snapshot, set: Contributions, robot = 'r1'): Merge => atOnce(mergeFleet(mine, set, robot));

/** A robot that has restored a checkpoint. */
function restored(snapshot: Snapshot, seed = 9, linear = false): TaughtRobot {
  const robot = new TaughtRobot(seed, 20, linear);
  robot.classifier.restore(snapshot);
  return robot;
}

/** The checkpoint of an agent, with its own labelled samples. */
function stored({ classifier }: TaughtRobot): Snapshot {
  return withRecalibration(classifier.snapshot(), { samples: [...classifier.labelled], measured: undefined }, 64);
}

/** Hashes of the neurons that a robot shares. */
function neuronsOf(snapshot: Snapshot): string[] {
  const { manifest, chunks } = shareOf(snapshot, 'r1');
  return manifest.chunks.flatMap(({ hash }) => (chunks.get(hash)?.[0] === 1 ? [hash] : [])).sort();
}

describe('mergeFleet', () => {
  const one = new TaughtRobot(1).teach('a', 60);
  const two = new TaughtRobot(2).teach('b', 60);
  const three = new TaughtRobot(3).teach('c', 60);
  const mine = one.classifier.snapshot();
  const others = [shareOf(two.classifier.snapshot(), 'r2'), shareOf(three.classifier.snapshot(), 'r3')];

  it('merges the classes of all robots', () => {
    const { snapshot, from, refused } = merge(mine, setOf(...others));
    expect(refused).toEqual([]);
    expect(from.map(({ robot }) => robot)).toEqual(['r2', 'r3']);
    expect(mergedOf(snapshot)).toEqual(from);
    const robot = restored(snapshot);
    expect(robot.classifier.classes).toEqual(['a', 'b', 'c']);
    expect(robot.accuracy(['a', 'b', 'c'])).toBeGreaterThan(0.9);
    expect(restored(mine).accuracy(['a', 'b', 'c'])).toBeLessThan(0.4);
  });

  it('gives the same network in 50 orders, with repeats, and on every robot', () => {
    const random = new Random(5);
    const hash = merge(mine, setOf(...others)).snapshot.weightsHash;
    for (let k = 0; k < 50; k++) {
      const order = Array.from({ length: 6 }, () => others[random.below(2)]);
      expect(merge(mine, setOf(...order, ...others)).snapshot.weightsHash).toBe(hash);
    }
    const set = setOf(shareOf(mine, 'r1'), others[1]);
    expect(merge(two.classifier.snapshot(), set, 'r2').snapshot.weightsHash).toBe(hash);
  });

  it('counts a robot by its weight, on every robot alike, and leaves out one that weighs nothing', () => {
    const weights = robotWeights('r1=1, r2=0.25,r3=0');
    const set = setOf(...others).weighing(weights);
    const { snapshot, from } = merge(mine, set);
    expect(from.map(({ robot }) => robot)).toEqual(['r2']);
    expect(snapshot.meta['class_names']).toEqual(['a', 'b']);
    const sumOf = ({ tensors }: Snapshot): number => {
      const found = tensors['network.evidenceSum'].data as Float32Array;
      return found.reduce((sum, each) => sum + each, 0);
    };
    const [alone, whole] = [merge(mine, setOf()), merge(mine, setOf(others[0]))].map((each) => sumOf(each.snapshot));
    expect(sumOf(snapshot)).toBeCloseTo(alone + (whole - alone) / 4, 1);
    const theirs = setOf(shareOf(mine, 'r1'), others[1]).weighing(weights);
    expect(merge(two.classifier.snapshot(), theirs, 'r2').snapshot.weightsHash).toBe(snapshot.weightsHash);
    // The weight changes no contribution of its robot.
    expect(neuronsOf(merge(two.classifier.snapshot(), theirs, 'r2').snapshot)).toEqual(
      neuronsOf(two.classifier.snapshot()),
    );
    expect(merge(mine, setOf(...others).weighing(new Map())).snapshot.weightsHash).not.toBe(snapshot.weightsHash);
  });

  it.each(['robot3', 'robot3=2', 'robot3=-1', 'a=1,a=0', '=1', 'a=x'])('refuses the weights %j', (text) => {
    expect(() => robotWeights(text)).toThrow(/expected ROBOT=WEIGHT/);
  });

  it('changes nothing without news, and never shares what came from others', () => {
    const merged = merge(mine, setOf(...others)).snapshot;
    expect(merge(merged, setOf(...others)).snapshot.weightsHash).toBe(merged.weightsHash);
    expect(neuronsOf(merged)).toEqual(neuronsOf(mine));
    // An agent keeps the record of the merge beside its classifier.
    const later = restored(merged).teach('a', 20).classifier.snapshot();
    const since = shareOf(withFleetRecord(later, fleetRecordOf(merged)), 'r1');
    expect(since.manifest.classes).toEqual([{ name: 'a', labels: 80 }]);
  });

  it('tries a merge by whether the robot was right about samples before it learned them', () => {
    const own = new TaughtRobot(1).teach('a', 30).teach('b', 30).teach('c', 30);
    const wrong = new TaughtRobot(7, 200).teach('b', 1);
    for (let k = 0; k < 20; k++) wrong.teach('a', 10).teach('c', 10).teach('b', 20, 'a');
    const set = setOf(shareOf(wrong.classifier.snapshot(), 'r2'));
    const { labelled } = own.classifier;
    const tried = (right: (k: number) => boolean | undefined): MergeResult => {
      const samples = labelled.map(({ intensities, name }, k) => ({ intensities, name, right: right(k) }));
      const kept = samples.map(({ right: known, ...each }) => ({
        ...each,
        ...(known !== undefined && { right: known }),
      }));
      const mine = withRecalibration(own.classifier.snapshot(), { samples: kept, measured: undefined }, 64);
      return atOnce(mergeTried(mine, set, { robot: 'r1' }));
    };
    // Samples without a record, and those answered correctly, count against the merge. Wrong ones lose nothing.
    for (const right of [() => undefined, () => true]) {
      const { merged, refused } = tried(right);
      expect(merged).toBe(false);
      expect(refused.map(({ robot, cause }) => [robot, cause])).toEqual([['r2', 'fleet_trial']]);
    }
    const { merged, trial, snapshot } = tried(() => false);
    expect(merged).toBe(true);
    expect(trial.after?.accuracy).toBeLessThan((trial.before?.accuracy ?? 0) - 0.02);
    expect(recalibrationOf(snapshot, 64, 500).samples.map(({ right }) => right)).toEqual(labelled.map(() => false));
    expect(labelled.filter(({ right }) => right === true).length).toBeGreaterThan(60);
  });

  it('shares the same neurons, and forgets to the same weights, for any order of teaching', () => {
    const late = new TaughtRobot(4).teach('c', 40).teach('a', 40).classifier.snapshot();
    const merged = merge(late, setOf(shareOf(two.classifier.snapshot(), 'r2'))).snapshot;
    expect(neuronsOf(merged)).toEqual(neuronsOf(late));
    expect(merge(merged, setOf()).snapshot.weightsHash).toBe(merge(late, setOf()).snapshot.weightsHash);
  });

  it('forgets a robot as if it had never shared', () => {
    const merged = merge(mine, setOf(...others)).snapshot;
    const without = merge(merged, setOf(...others).without('r3')).snapshot;
    expect(without.weightsHash).toBe(merge(mine, setOf(others[0])).snapshot.weightsHash);
    expect(without.meta['class_names']).toEqual(['a', 'b']);
  });

  it('keeps forgotten classes away, and uses the new names of renamed ones', () => {
    const forgetful = restored(mine).teach('b', 5);
    forgetful.classifier.forgetClass('b');
    forgetful.classifier.renameClass('a', 'gate');
    const { snapshot } = merge(forgetful.classifier.snapshot(), setOf(...others));
    expect(snapshot.meta['class_names']).toEqual(['c', 'gate']);
    const told = setOf(shareOf(forgetful.classifier.snapshot(), 'r1'));
    expect(merge(two.classifier.snapshot(), told, 'r2').snapshot.meta['class_names']).toEqual(['gate']);
  });

  it('accepts a late label for a sample from before the merge', () => {
    const late = new TaughtRobot(1).teach('a', 60).teach('b', 1, '');
    const { snapshot } = merge(late.classifier.snapshot(), setOf(...others));
    expect(restored(snapshot).classifier.label(60n, 'b')).toMatchObject({ found: true });
  });

  it('refuses by name a network with another input shape', () => {
    const flat = new OnlineClassifier({ neurons: 20, rows: 4, columns: 16, classes: 8, polarity: false });
    const { refused, from } = merge(mine, setOf(shareOf(flat.snapshot(), 'r4'), others[0]));
    expect(from.map(({ robot }) => robot)).toEqual(['r2']);
    expect(refused).toMatchObject([{ robot: 'r4', cause: 'fleet_network' }]);
    expect(refused[0].message).toMatch(/r4: its samples are 4 × 16, expected 8 × 8/);
  });

  it('merges linear readouts into one that knows the classes of both', () => {
    const [left, right] = [new TaughtRobot(1, 20, true).teach('a', 30), new TaughtRobot(2, 20, true).teach('b', 30)];
    const set = setOf(shareOf(right.classifier.snapshot(), 'r2'));
    const { snapshot } = merge(left.classifier.snapshot(), set);
    const both = restored(snapshot, 3, true);
    expect(both.accuracy(['a', 'b'])).toBeGreaterThan(0.95);
    const before = shareOf(left.classifier.snapshot(), 'r1').manifest.chunks.length;
    expect(shareOf(snapshot, 'r1').manifest.chunks).toHaveLength(before);
  });

  it('starts means of unnamed samples anew, since they are of the classes of one robot', () => {
    const robot = (seed: number): TaughtRobot => new TaughtRobot(seed, 20, true, true);
    const [left, right] = [robot(1).teach('a', 3).teach('a', 30, ''), robot(2).teach('b', 3).teach('b', 30, '')];
    const mine = left.classifier.snapshot();
    expect(Object.keys(mine.tensors)).toContain('linear.sums');
    const { snapshot } = merge(mine, setOf(shareOf(right.classifier.snapshot(), 'r2')));
    expect(Object.keys(snapshot.tensors)).not.toContain('linear.sums');
    const both = robot(3);
    both.classifier.restore(snapshot);
    expect(both.accuracy(['a', 'b'])).toBeGreaterThan(0.9);
    both.teach('b', 2).teach('a', 2);
    expect(both.accuracy(['a', 'b'])).toBeGreaterThan(0.9);
  });
});

describe('mergeTried', () => {
  const robot = new TaughtRobot(1).teach('a', 40).teach('b', 40);
  const other = new TaughtRobot(2).teach('b', 40).teach('c', 40).classifier.snapshot();

  it('keeps a harmless merge', () => {
    const result = atOnce(mergeTried(stored(robot), setOf(shareOf(other, 'r2')), { robot: 'r1' }));
    expect(result.refused).toEqual([]);
    expect(result.merged).toBe(true);
    expect(result.trial.samples).toBeGreaterThan(50);
    expect(result.classes).toEqual(['a', 'b', 'c']);
  });

  it('refuses poisoned evidence by name, and merges the others', () => {
    const liar = new TaughtRobot(4, 200);
    for (let k = 0; k < 20; k++) liar.teach('a', 20, 'b').teach('b', 20, 'a');
    const set = setOf(shareOf(other, 'r2'), shareOf(liar.classifier.snapshot(), 'liar'));
    const result = atOnce(mergeTried(stored(robot), set, { robot: 'r1' }));
    expect(result.refused).toMatchObject([{ robot: 'liar', cause: 'fleet_trial' }]);
    expect(result.refused[0].message).toMatch(
      /by itself it answers 0.0 % of .* labelled samples of this robot right, expected at least/,
    );
    expect(result.from.map((each) => each.robot)).toEqual(['r2']);
    expect(restored(result.snapshot).accuracy(['a', 'b', 'c'])).toBeGreaterThan(0.85);
  });

  it('leaves the checkpoint unchanged if nobody shares anything', () => {
    const mine = stored(robot);
    expect(atOnce(mergeTried(mine, Contributions.none, { robot: 'r1' })).merged).toBe(false);
  });
});
