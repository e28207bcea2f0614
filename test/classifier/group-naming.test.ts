import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import type { LabelKind } from '../../src/classifier/label-kinds.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import { Certainty } from '../../src/classifier/certainty.js';
import { GroupNaming } from '../../src/classifier/group-naming.js';
import { LabelBuffer } from '../../src/classifier/label-buffer.js';
import { Network } from '../../src/snn/network.js';
import type { Presentation } from '../../src/snn/presentation.js';
import { leanBaseline, leanParameters, leanPoint } from '../../src/timestep/policy/lean-policy.js';
import { prototypes } from '../reference/sources.js';

const point = leanPoint(60, { events: 64 });
const source = prototypes(96, 5, (_, random) => random.below(5));
source(0, new Random(1));

/** A robot that has seen five classes, the last of them unlabelled; and the stamp of a sample of that group. */
function met(): { readonly classifier: OnlineClassifier; readonly group: bigint } {
  const classifier = new OnlineClassifier({ neurons: 60, rows: 1, columns: 96, classes: 8, unknownRate: 0.05 });
  const random = new Random(4);
  let group = -1n;
  for (let k = 0; k < 2000; k++) {
    const { pixels, name } = source(k, random);
    const { reported } = classifier.decide(pixels, BigInt(k), point, true);
    if (reported.group && name === 'class 4') group = BigInt(k);
    if (k % 3 === 0 && name !== 'class 4') classifier.label(BigInt(k), name, { kind: 'random' });
  }
  return { classifier, group };
}

/** Share of right answers to samples of the last class, and of the others. Nothing is learned. */
function right(classifier: OnlineClassifier): { readonly last: number; readonly others: number } {
  const random = new Random(99);
  const [last, others] = [
    [0, 0],
    [0, 0],
  ];
  for (let k = 0; k < 300; k++) {
    const { pixels, name } = source(k, random);
    const { label } = classifier.decide(pixels, BigInt(1e6 + k), point, false);
    const count = name === 'class 4' ? last : others;
    count[0]++;
    count[1] += Number(label === name);
  }
  return { last: last[1] / last[0], others: others[1] / others[0] };
}

describe('one label of an unlabelled group', () => {
  it('names the whole group, and no other', () => {
    const { classifier, group } = met();
    const outcome = classifier.label(group, 'class 4', { kind: 'answer' });
    expect(outcome.found && outcome.named).toBeGreaterThan(3);
    const { last, others } = right(classifier);
    expect(last).toBeGreaterThan(0.9);
    expect(others).toBeGreaterThan(0.9);
  });

  it.each<LabelKind>(['unset', 'random'])('names only its own sample when it is %s', (kind) => {
    const { classifier, group } = met();
    const outcome = classifier.label(group, 'class 4', { kind });
    expect(outcome).toMatchObject({ found: true, named: 0 });
  });

  it('is undone by a correction, to the last bit when nothing came between', () => {
    const { classifier, group } = met();
    const before = classifier.snapshot();
    classifier.label(group, 'class 4', { kind: 'answer' });
    expect(classifier.takeBack(group)).toBe('class 4');
    expect(classifier.forgetClass('class 4')).toBe(0);
    const after = classifier.snapshot();
    // Neurons that the label itself credited have decayed a little.
    const changed = (name: string): number => {
      const [old, now] = [before.tensors[name].data, after.tensors[name].data];
      return old.filter((each, at) => Math.abs(Number(each) - Number(now[at])) > 0.03 * (1 + Number(each))).length;
    };
    expect(changed('network.evidence')).toBe(0);
    expect(changed('network.message')).toBe(0);
    expect(changed('unknown.labelled')).toBe(0);
    expect([...after.tensors['network.owner'].data]).toEqual([...before.tensors['network.owner'].data]);
  });

  it('becomes another class after a correction, and later learning stays', () => {
    const { classifier, group } = met();
    classifier.label(group, 'kitchen', { kind: 'answer' });
    const random = new Random(8);
    for (let k = 3000; k < 3100; k++) {
      const { pixels, name } = source(k, random);
      classifier.decide(pixels, BigInt(k), point, true);
      if (name !== 'class 4') classifier.label(BigInt(k), name, { kind: 'random' });
    }
    const outcome = classifier.label(group, 'class 4', { kind: 'correction', corrects: true });
    expect(outcome).toMatchObject({ found: true, corrected: 'kitchen' });
    expect(outcome.found && outcome.named).toBeGreaterThan(3);
    const { last, others } = right(classifier);
    expect(last).toBeGreaterThan(0.9);
    expect(others).toBeGreaterThan(0.9);
    expect(classifier.classFacts.find(({ name }) => name === 'kitchen')?.neurons).toBe(0);
  });

  it('can be undone after a restart', () => {
    const { classifier, group } = met();
    classifier.label(group, 'class 4', { kind: 'answer' });
    const again = new OnlineClassifier({ neurons: 60, rows: 1, columns: 96, classes: 8, unknownRate: 0.05 });
    again.restore(classifier.snapshot());
    for (const each of [classifier, again]) each.takeBack(group);
    expect(again.hash()).toBe(classifier.hash());
    const { tensors, ...rest } = classifier.snapshot();
    const forged = { ...tensors, 'groups.numbers': { shape: [4], data: new Float64Array([1, 9, 2, 1]) } };
    expect(() => {
      again.restore({ ...rest, tensors: forged });
    }).toThrow(/groups.numbers/);
  });

  it('names nothing more when the unknown rate is 0', () => {
    const { classifier } = met();
    classifier.unknownRate = 0;
    const random = new Random(5);
    for (let k = 5000; k < 5050; k++) {
      const { pixels, name } = source(k, random);
      classifier.decide(pixels, BigInt(k), point, true);
      if (name === 'class 4') {
        expect(classifier.label(BigInt(k), name, { kind: 'answer' })).toMatchObject({ found: true, named: 0 });
        return;
      }
    }
    expect.unreachable();
  });
});

describe('a class that appears after the others', () => {
  const make = (): OnlineClassifier =>
    new OnlineClassifier({ neurons: 60, rows: 1, columns: 96, classes: 8, memory: 2000, unknownRate: 0.05 });
  const random = (): Random => new Random(4);

  /** Shows the last class from sample 1500 on. Returns the stamp of the label that named it, if any. */
  function live(classifier: OnlineClassifier, draws: Random, from: number, to: number, name: boolean): bigint {
    let labelled = -1n;
    for (let k = from; k < to; k++) {
      const { pixels, name: truth } = source(k, draws);
      if (truth === 'class 4' && k < 1500) continue;
      const { reported } = classifier.decide(pixels, BigInt(k), point, true);
      if (truth !== 'class 4') {
        if (k % 3 === 0) classifier.label(BigInt(k), truth, { kind: 'random' });
      } else if (name && reported.group && labelled < 0n) {
        labelled = BigInt(k);
        classifier.label(labelled, truth, { kind: 'answer' });
      }
    }
    return labelled;
  }

  it('is known after its one label as its neurons form; a correction takes all of them back', () => {
    const classifier = make();
    const draws = random();
    const labelled = live(classifier, draws, 0, 3000, true);
    expect(labelled).toBeGreaterThan(0n);
    expect(right(classifier).last).toBeGreaterThan(0.9);
    expect(right(classifier).others).toBeGreaterThan(0.9);
    expect(classifier.takeBack(labelled)).toBe('class 4');
    expect(classifier.classFacts.find(({ name }) => name === 'class 4')?.neurons).toBeLessThan(3);
  });

  it('behaves alike after a restart', () => {
    const classifier = make();
    const draws = random();
    const labelled = live(classifier, draws, 0, 2500, true);
    const again = make();
    again.restore(classifier.snapshot());
    const other = random();
    for (let k = 0; k < 2500; k++) source(k, other);
    for (const [each, own] of [
      [classifier, draws],
      [again, other],
    ] as const) {
      live(each, own, 2500, 3000, false);
      each.takeBack(labelled);
    }
    expect(again.hash()).toBe(classifier.hash());
    expect(again.snapshot()).toEqual(classifier.snapshot());
  });
});

describe('labels of a burst', () => {
  const burst = (): OnlineClassifier => {
    const classifier = new OnlineClassifier({ neurons: 60, rows: 1, columns: 96, classes: 8 });
    const random = new Random(3);
    for (let k = 0; k < 400; k++) {
      const { pixels, name } = source(k, random);
      classifier.decide(pixels, BigInt(k), point, true);
      classifier.label(BigInt(k), name, { kind: 'random' });
    }
    return classifier;
  };

  it('are skipped when they repeat what the last one said of a similar sample, and nothing changes', () => {
    const classifier = burst();
    const random = new Random(11);
    const { pixels, name } = source(0, random);
    const shown = Uint8Array.from(pixels);
    const teach = (k: number, kind: LabelKind) => {
      classifier.decide(shown, BigInt(k), point, false);
      classifier.decide(shown, BigInt(k + 1), point, true);
      return classifier.label(BigInt(k + 1), name, { kind });
    };
    expect(teach(1000, 'teaching')).toMatchObject({ found: true, correct: true, repeated: false });
    classifier.decide(shown, 1100n, point, true);
    const hash = classifier.hash();
    const labels = (): number => classifier.classFacts.find((facts) => facts.name === name)?.labels ?? 0;
    const before = labels();
    expect(classifier.label(1100n, name, { kind: 'teaching' })).toMatchObject({
      found: true,
      repeated: true,
      credited: false,
    });
    expect(classifier.hash()).toBe(hash);
    expect(labels()).toBe(before + 1);
    // Any other kind is learned as before.
    expect(teach(1200, 'random')).toMatchObject({ repeated: false, credited: true });
  });

  it('can be taken back or corrected even when they were skipped', () => {
    const classifier = burst();
    const random = new Random(11);
    const { pixels, name } = source(0, random);
    for (const stamp of [1000n, 1001n, 1002n]) {
      classifier.decide(pixels, stamp, point, true);
      classifier.label(stamp, name, { kind: 'teaching' });
    }
    const repeated = classifier.label(1002n, name, { kind: 'teaching' });
    expect(repeated).toMatchObject({ found: true, repeated: true });
    const before = classifier.classFacts.reduce((sum, { labels }) => sum + labels, 0);
    expect(classifier.takeBack(1002n)).toBe(name);
    expect(classifier.classFacts.reduce((sum, { labels }) => sum + labels, 0)).toBe(before - 1);
    expect(classifier.takeBack(1002n)).toBeUndefined();
    expect(classifier.label(1001n, 'other', { kind: 'correction', corrects: true })).toMatchObject({
      found: true,
      credited: true,
    });
  });
});

describe('two unlabelled classes side by side', () => {
  const neurons = 12;
  const shape = { neurons, rows: 1, columns: 96, polarity: false, classes: 8 };

  /** Neurons 0 to 5 of one class, 6 to 11 of another, which now and then meet. */
  function sideBySide(): { readonly network: Network; readonly groups: GroupNaming } {
    const network = new Network(shape, leanBaseline(shape));
    network.openClass();
    const unknown = new Certainty(network, new LabelBuffer(4, 96, neurons), 0.05);
    unknown.expected.fill(20);
    const groups = new GroupNaming(network, unknown);
    const random = new Random(3);
    for (let k = 0; k < 3000; k++) {
      const first = k % 2 === 0 ? 0 : 6;
      const nearest = Int32Array.from(random.permutation(6).subarray(0, 3), (j) => first + j);
      if (k % 25 === 0) nearest[2] = (nearest[2] + 6) % neurons;
      groups.learn(presented(nearest));
    }
    return { network, groups };
  }
  const silent = new Network(shape, leanBaseline(shape)).present(leanParameters(leanPoint(neurons)), false);
  const presented = (nearest: Int32Array): Presentation => ({
    ...silent,
    ...{ nearest, nearestCount: nearest.length, firedCount: 0 },
  });

  it('are separated by one label, and later samples do not join them', () => {
    const { network, groups } = sideBySide();
    expect(groups.name(0, 0, Int32Array.of(2, 8, 4), 3)).toBe(6);
    expect([...network.state.owner]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    groups.grow(presented(Int32Array.of(7, 8, 0)));
    expect([...network.state.owner.subarray(6)]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
