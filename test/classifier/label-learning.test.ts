import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import type { LabelKind } from '../../src/classifier/label-kinds.js';
import { OnlineClassifier, type ClassifierOptions } from '../../src/classifier/online-classifier.js';
import { Network } from '../../src/snn/network.js';
import { leanBaseline, leanPoint } from '../../src/timestep/policy/lean-policy.js';
import { confirmSpikes } from '../reference/plain-evidence.js';
import { plainNeuron } from '../reference/plain-neuron.js';
import { prototypes, type Source } from '../reference/sources.js';

const point = leanPoint(40, { events: 64 });
const prototype = prototypes(96, 5, (_, random) => random.below(5));
prototype(0, new Random(1));
/** One in ten belongs to another class than it looks. */
const source: Source = (k, random) => {
  const { pixels, name } = prototype(k, random);
  return { pixels, name: random.below(10) === 0 ? `class ${random.below(5)}` : name };
};
const make = (options: Partial<ClassifierOptions> = {}): OnlineClassifier =>
  new OnlineClassifier({ neurons: 40, rows: 1, columns: 96, classes: 5, ...options });

/** Shows samples and labels those that `named` asks for. */
function live(
  classifier: OnlineClassifier,
  samples: number,
  named: (right: boolean, k: number) => LabelKind | undefined,
  seed = 4,
): void {
  const random = new Random(seed);
  for (let k = 0; k < samples; k++) {
    const { pixels, name } = source(k, random);
    const stamp = BigInt(classifier.samples);
    const kind = named(classifier.decide(pixels, stamp, point, true).label === name, k);
    if (kind !== undefined) classifier.label(stamp, name, { kind });
  }
}

const evidenceOf = (classifier: OnlineClassifier): number => {
  const { data } = classifier.snapshot().tensors['network.evidenceSum'];
  return [...(data as Float32Array)].reduce((sum, each) => sum + each, 0);
};

describe('learning from silence', () => {
  it('adds nothing when nobody corrects: answers and teaching leave the same evidence as random labels', () => {
    const [random, answers] = [make(), make()];
    const every = (kind: LabelKind) => (_: boolean, k: number) => (k % 5 === 0 ? kind : undefined);
    live(random, 600, every('random'));
    live(answers, 600, every('answer'));
    // Neither alarms nor gate have a reason to differ so early.
    expect(answers.hash()).toBe(random.hash());
  });

  it('confirms answers when mistakes are corrected, and no more in all than the corrections do', () => {
    const [corrected, answered] = [make(), make()];
    const mistakes = (kind: LabelKind) => (right: boolean) => (right ? undefined : kind);
    live(corrected, 800, mistakes('correction'));
    live(answered, 800, mistakes('answer'));
    const [with_, without] = [evidenceOf(corrected), evidenceOf(answered)];
    expect(with_).toBeGreaterThan(without);
    expect(with_).toBeLessThan(3 * without);
  });

  it('is undone by the label of its sample', () => {
    const classifier = make();
    live(classifier, 400, (right) => (right ? undefined : 'correction'));
    const random = new Random(9);
    const stamp = BigInt(classifier.samples);
    const { pixels } = prototype(0, random);
    const before = evidenceOf(classifier);
    const { label } = classifier.decide(pixels, stamp, point, true);
    expect(evidenceOf(classifier)).not.toBe(before);
    const other = classifier.classes.find((name) => name !== label) ?? '';
    const confirmed = classifier.snapshot().tensors['notes.confirmed'].data[400 % 256];
    expect(confirmed).toBeGreaterThan(0);
    classifier.label(stamp, other, { kind: 'correction' });
    expect(classifier.snapshot().tensors['notes.confirmed'].data[400 % 256]).toBe(0);
  });

  it('credits in the kernel, bit by bit, what slow plain code credits', () => {
    const shape = { neurons: 12, rows: 2, columns: 8, classes: 5, polarity: false };
    const constants = leanBaseline(shape);
    const network = new Network(shape, constants);
    for (let c = 0; c < 5; c++) network.openClass();
    const plain = Array.from({ length: 12 }, () => plainNeuron(16, 5));
    const random = new Random(3);
    for (let k = 0; k < 500; k++) {
      const fired = [...random.permutation(12)].slice(0, 1 + random.below(4));
      const spikes = fired.map(() => 1 + random.below(6));
      network.lists.fired.set(fired);
      network.lists.firedSpikes.set(spikes);
      const [label, part] = [random.below(5), Math.fround(random.uniform())];
      expect(network.confirm(label, fired.length, part)).toBe(5 * fired.length);
      fired.forEach((j, at) => {
        confirmSpikes(plain[j], label, spikes[at], part, constants);
      });
    }
    plain.forEach(({ evidence, evidenceSum, owner }, j) => {
      expect([...network.state.evidence.subarray(8 * j, 8 * j + 5)]).toEqual(evidence);
      expect(network.state.evidenceSum[j]).toBe(evidenceSum);
      expect(network.state.owner[j]).toBe(owner + 1);
    });
  });
});

describe('inferred kinds of labels', () => {
  it('find corrections among labels without a kind, and none among random ones', () => {
    const heard = (named: (right: boolean, k: number) => LabelKind | undefined): Set<LabelKind> => {
      const classifier = make({ inferKinds: true });
      const random = new Random(4);
      const kinds = new Set<LabelKind>();
      for (let k = 0; k < 1500; k++) {
        const { pixels, name } = source(k, random);
        const right = classifier.decide(pixels, BigInt(k), point, true).label === name;
        if (named(right, k) === undefined) continue;
        const outcome = classifier.label(BigInt(k), name, { kind: 'unset' });
        if (outcome.found && k > 500) kinds.add(outcome.kind);
      }
      return kinds;
    };
    expect(heard((_, k) => (k % 3 === 0 ? 'unset' : undefined))).toEqual(new Set(['unset']));
    expect(heard((right, k) => (right || k % 2 === 0 ? undefined : 'unset'))).toContain('correction');
  });
});

describe('a change of the world while only mistakes are corrected', () => {
  const changed = prototypes(96, 5, (_, random) => random.below(5));

  function change(kind: LabelKind): OnlineClassifier {
    const classifier = make();
    live(classifier, 4000, (right, k) => (right ? (k % 10 === 0 ? 'random' : undefined) : kind));
    expect(classifier.alarms).toBe(0);
    const random = new Random(8);
    for (let k = 0; k < 3000; k++) {
      const { pixels, name } = changed(k, random);
      const stamp = BigInt(classifier.samples);
      if (classifier.decide(pixels, stamp, point, true).label !== name) classifier.label(stamp, name, { kind });
    }
    return classifier;
  }

  it('is detected by the gate, from leads and from where corrections come', () => {
    expect(change('correction').alarms).toBeGreaterThan(0);
  });
});

it('continues exactly after a restore', () => {
  const corrections = (right: boolean): LabelKind | undefined => (right ? undefined : 'correction');
  const [whole, first, second] = [make({ inferKinds: true }), make({ inferKinds: true }), make({ inferKinds: true })];
  live(whole, 900, corrections);
  live(first, 900, corrections);
  second.restore(structuredClone(first.snapshot()));
  expect(second.snapshot()).toEqual(first.snapshot());
  live(whole, 500, corrections, 5);
  live(second, 500, corrections, 5);
  expect(second.snapshot()).toEqual(whole.snapshot());
  second.reset();
  expect(second.snapshot()).toEqual(make({ inferKinds: true }).snapshot());
});
