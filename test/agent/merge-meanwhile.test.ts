import { describe, expect, it } from 'vitest';
import type { HeardMeanwhile } from '../../src/classifier/heard.js';
import { atOnce } from '../../src/base/slices.js';
import type { Snapshot } from '../../src/base/snapshot.js';
import { Contributions } from '../../src/fleet/contributions.js';
import { FollowedMerge } from '../../src/fleet/followed-merge.js';
import { contributionOf, mergedOf } from '../../src/fleet/own-contribution.js';
import { mergeTried, type MergeResult } from '../../src/fleet/trial.js';
import { TaughtAgent } from '../fleet/taught-agent.js';

const other = atOnce(
  contributionOf(new TaughtAgent(2).teach('b', 60).agent.snapshot(), { robot: 'r2', version: 1, when: 0 }),
);
const merge = (mine: Snapshot): MergeResult =>
  atOnce(mergeTried(mine, Contributions.none.with(other), { robot: 'r1' }));

/** A robot that knows `a`, the merge begun on it, its result, and what the robot heard meanwhile. */
function begun(): { robot: TaughtAgent; result: MergeResult; meanwhile: HeardMeanwhile } {
  const robot = new TaughtAgent(1).teach('a', 60);
  const { capture, meanwhile } = robot.agent.beginMerge();
  return { robot, result: merge(atOnce(capture)), meanwhile };
}

/** Events during a merge: unlabelled samples, late labels, one withdrawn label, a new class and its new name. */
function live(robot: TaughtAgent): void {
  const early = robot.stamps.at(-3) ?? 0n;
  const seen = ['a', 'c', 'a', 'c', 'c'].map((kind) => robot.see(kind));
  robot.name(seen[1], 'c');
  robot.name(early, 'a');
  robot.name(seen[3], 'wrong');
  robot.agent.take({ topic: 'label', event: { stamp: seen[3], name: '', kind: 'correction' } });
  robot.teach('c', 30, 'sea');
  robot.agent.editClass({ name: 'sea', newName: 'c' });
}

describe('takeMerged', () => {
  it('keeps all decisions and learning of the meantime, bit for bit as if merged first', () => {
    const { robot, result, meanwhile } = begun();
    expect(result.merged).toBe(true);
    live(robot);
    const count = robot.answers.length;
    robot.agent.takeMerged(result.snapshot, meanwhile);
    expect(robot.answers).toHaveLength(count);

    const first = new TaughtAgent(1).teach('a', 60);
    first.agent.restore(merge(first.agent.snapshot()).snapshot);
    live(first);
    const [found, expected] = [robot.agent.snapshot(), first.agent.snapshot()];
    expect(found.weightsHash).toBe(expected.weightsHash);
    expect(found.weightsHash).not.toBe(result.weightsHash);
    for (const name of Object.keys(expected.tensors).filter((each) => /^(network|memory|notes|fleet)\./.test(each))) {
      expect(found.tensors[name], name).toEqual(expected.tensors[name]);
    }
    expect(mergedOf(found)).toEqual(mergedOf(expected));
    expect(robot.agent.classFacts).toEqual(first.agent.classFacts);
    // Both continue alike.
    for (const each of [robot, first]) each.teach('b', 5).teach('a', 5);
    expect(robot.agent.weightsHash()).toBe(first.agent.weightsHash());
  });

  it('gives the same result from a replay in another network, in parts', () => {
    const { robot, result, meanwhile } = begun();
    const [here, there] = [begun(), new FollowedMerge(result.snapshot, robot.agent.classifierOptions)];
    live(here.robot);
    here.robot.agent.takeMerged(here.result.snapshot, here.meanwhile);
    live(robot);
    const heard = meanwhile.take();
    there.hear(heard.slice(0, 7));
    there.hear(heard.slice(7));
    robot.agent.takeMerged(there.snapshot(), meanwhile);
    expect(robot.agent.weightsHash()).toBe(here.robot.agent.weightsHash());
    expect(robot.agent.snapshot().tensors).toEqual(here.robot.agent.snapshot().tensors);
  });

  it('accepts a later label for a sample from before the merge, or during it', () => {
    const { robot, result, meanwhile } = begun();
    const before = robot.see('a');
    const during = robot.see('c');
    robot.agent.takeMerged(result.snapshot, meanwhile);
    robot.name(before, 'a');
    robot.name(during, 'c');
    expect(robot.refused).toEqual([]);
    expect(robot.agent.status().labelled).toBe(62);
    expect(robot.agent.classFacts.map(({ name, labels }) => [name, labels])).toEqual([
      ['a', 61],
      ['b', 60],
      ['c', 1],
    ]);
  });

  it('keeps the counters and the accuracy estimate', () => {
    const { robot, result, meanwhile } = begun();
    const { accuracy, decided, learned } = robot.agent.status();
    robot.agent.takeMerged(result.snapshot, meanwhile);
    expect(robot.agent.status()).toMatchObject({ accuracy, decided, learned });
  });

  it('refuses the merge after a reset or a loaded checkpoint, and changes nothing', () => {
    for (const ruin of [
      ({ agent }: TaughtAgent): void => {
        agent.restore(agent.snapshot());
      },
      ({ agent }: TaughtAgent): void => {
        agent.reset();
      },
    ]) {
      const { robot, result, meanwhile } = begun();
      ruin(robot);
      const hash = robot.agent.weightsHash();
      expect(() => {
        robot.agent.takeMerged(result.snapshot, meanwhile);
      }).toThrow(expect.objectContaining({ code: 'fleet_overtaken' }) as Error);
      expect(robot.agent.weightsHash()).toBe(hash);
    }
  });

  it('refuses the merge after too many samples and labels', () => {
    const { robot, result, meanwhile } = begun();
    for (let k = 0; k <= 20_000; k++) meanwhile.add({ kind: 'class_forgotten', name: '' });
    expect(() => {
      robot.agent.takeMerged(result.snapshot, meanwhile);
    }).toThrow('more than 20000 samples and labels came meanwhile');
  });
});
