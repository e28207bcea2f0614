import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import type { LabelKind } from '../../src/classifier/label-kinds.js';
import { OnlineClassifier, type ClassifierOptions } from '../../src/classifier/online-classifier.js';
import { leanPoint } from '../../src/timestep/policy/lean-policy.js';
import { expectSameState } from '../reference/compare.js';
import { PlainClassifier } from '../reference/plain-classifier.js';
import { prototypes, type Source } from '../reference/sources.js';

const point = leanPoint(30, { events: 64 });
const shape = { neurons: 30, rows: 1, columns: 64, classes: 8, polarity: false };
const make = (options: Partial<ClassifierOptions> = {}): OnlineClassifier => {
  return new OnlineClassifier({ ...shape, memory: 64, ...options });
};

/** A slow drive: each class stays for a few samples. */
const drive = (): Source => prototypes(64, 5, (k) => Math.floor(k / 4) % 5);

const labelsOf = (classifier: OnlineClassifier): readonly number[] => {
  return [...(classifier.snapshot().tensors['memory.labels'].data as Int32Array)];
};

/** Decides samples; labels with `kind` every third one, `lag` samples later. */
function live(classifier: OnlineClassifier, samples: number, kind: LabelKind, lag = 0, seed = 3): void {
  const [source, random] = [drive(), new Random(seed)];
  const from = classifier.samples;
  const names: string[] = [];
  for (let k = 0; k < samples; k++) {
    const { pixels, name } = source(from + k, random);
    names.push(name);
    classifier.decide(pixels, BigInt(from + k), point, true);
    const at = k - lag;
    if (at >= 0 && at % 3 === 2) classifier.label(BigInt(from + at), names[at], { kind });
  }
}

/** A classifier with three like samples, and the class of each. */
function alike(options: Partial<ClassifierOptions> = {}): { classifier: OnlineClassifier; pixels: Uint8Array } {
  const classifier = make(options);
  live(classifier, 60, 'random');
  const { pixels } = drive()(0, new Random(7));
  for (let k = 60; k < 63; k++) classifier.decide(pixels, BigInt(k), point, true);
  return { classifier, pixels };
}

describe('where a question was answered', () => {
  it('a label also names the sample just before its own, if both have the same nearest neuron', () => {
    const { classifier } = alike();
    classifier.label(62n, 'asked', { kind: 'answer' });
    const label = classifier.classes.indexOf('asked');
    expect(labelsOf(classifier).slice(60, 63)).toEqual([-1, label, label]);
    // It is one label still, and the sample before has no name of its own.
    expect(classifier.classFacts[label].labels).toBe(1);
    expect(classifier.nameOf(61n)).toBeUndefined();
  });

  it('labels of every kind do so from then on, but not of a sample with another nearest neuron', () => {
    const { classifier, pixels } = alike();
    classifier.label(62n, 'asked', { kind: 'answer' });
    const label = classifier.classes.indexOf('asked');
    classifier.decide(pixels, 63n, point, true);
    const other = drive()(8, new Random(7)).pixels;
    for (let k = 64n; k < 67n; k++) classifier.decide(k === 64n ? other : pixels, k, point, true);
    // Slots are numbers modulo 64.
    classifier.label(66n, 'asked', { kind: 'random' });
    expect([65, 66].map((k) => labelsOf(classifier)[k % 64])).toEqual([label, label]);
    classifier.label(64n, 'other', { kind: 'random' });
    expect(labelsOf(classifier)[63]).toBe(-1);
  });

  it('takes what a label costs into account', () => {
    const cost = (kind: LabelKind): number => {
      const outcome = alike().classifier.label(62n, 'asked', { kind });
      return outcome.found ? outcome.labelUpdates : NaN;
    };
    expect(cost('answer')).toBe(2 * cost('teaching'));
  });

  it('learns the same, bit by bit, as slow plain code, with late labels too', () => {
    for (const lag of [0, 7]) {
      const classifier = make({ selfLearning: false });
      const plain = new PlainClassifier(shape, 64);
      const [source, random] = [drive(), new Random(5)];
      const names: string[] = [];
      for (let k = 0; k < 900; k++) {
        const { pixels, name } = source(k, random);
        names.push(random.below(9) === 0 ? 'class 4' : name);
        classifier.decide(pixels, BigInt(k), point, true);
        plain.decide(pixels, BigInt(k), point, true);
        const at = k - lag;
        if (at < 0 || at % 3 !== 2) continue;
        const kind = at % 2 === 0 ? 'random' : 'answer';
        const outcome = classifier.label(BigInt(at), names[at], { kind });
        expect(outcome.found && outcome.credited).toBe(plain.label(BigInt(at), names[at], kind));
      }
      expect(plain.along).toBeGreaterThan(80);
      expectSameState(classifier.snapshot(), plain);
    }
  });
});

it('where no question was answered, a label names its own sample alone', () => {
  for (const kind of ['unset', 'random', 'correction', 'teaching'] as const) {
    const { classifier } = alike();
    classifier.label(62n, 'named', { kind });
    expect(labelsOf(classifier).slice(60, 62)).toEqual([-1, -1]);
  }
});

describe('a sample that was named along with the next one', () => {
  const linear = [{ inputs: 64, signed: false }];
  const named = (): OnlineClassifier => {
    const { classifier } = alike({ linear });
    classifier.label(62n, 'asked', { kind: 'answer' });
    return classifier;
  };
  const numbers = (classifier: OnlineClassifier, name: string): number[] => {
    return Array.from(classifier.snapshot().tensors[name].data, Number);
  };
  const expectClose = (found: readonly number[], expected: readonly number[]): void => {
    expect(found.length).toBe(expected.length);
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at], 4);
    });
  };
  const evidenceFor = (classifier: OnlineClassifier, name: string): number => {
    const label = classifier.classes.indexOf(name);
    const { evidence } = { evidence: numbers(classifier, 'network.evidence') };
    const stride = evidence.length / shape.neurons;
    return evidence.reduce((sum, value, at) => sum + (at % stride === label ? value : 0), 0);
  };

  it('loses the name with the label, in votes and linear readout', () => {
    const classifier = named();
    const unnamed = alike({ linear }).classifier;
    expect(classifier.takeBack(62n)).toBe('asked');
    expect(labelsOf(classifier).slice(60, 63)).toEqual([-1, -1, -1]);
    expect(evidenceFor(classifier, 'asked')).toBeCloseTo(0, 4);
    expectClose(numbers(classifier, 'linear.precision'), numbers(unnamed, 'linear.precision'));
  });

  it('is renamed with the label', () => {
    const classifier = named();
    classifier.label(62n, 'class 1', { kind: 'correction', corrects: true });
    const label = classifier.classes.indexOf('class 1');
    expect(labelsOf(classifier).slice(60, 63)).toEqual([-1, label, label]);
    expect(evidenceFor(classifier, 'asked')).toBeCloseTo(0, 4);
  });

  it('takes a label of its own, which counts as its first', () => {
    const classifier = named();
    const before = evidenceFor(classifier, 'asked');
    expect(classifier.label(61n, 'class 1', { kind: 'random' })).toMatchObject({ found: true, corrected: undefined });
    expect(classifier.nameOf(61n)).toBe('class 1');
    expect(evidenceFor(classifier, 'asked')).toBeLessThan(0.6 * before);
    // From now on the labels are apart.
    classifier.takeBack(62n);
    expect(classifier.nameOf(61n)).toBe('class 1');
    const facts = Object.fromEntries(classifier.classFacts.map(({ name, labels }) => [name, labels]));
    expect(facts['asked']).toBe(0);
  });

  it('can lose its name alone', () => {
    const classifier = named();
    expect(classifier.takeBack(61n)).toBe('asked');
    expect(labelsOf(classifier)[61]).toBe(-1);
    expect(classifier.nameOf(62n)).toBe('asked');
    expect(classifier.takeBack(61n)).toBeUndefined();
  });

  it('counts as one label after one that taught nothing was replaced', () => {
    const classifier = named();
    classifier.label(61n, 'asked', { learn: false });
    classifier.label(61n, 'class 1', { kind: 'correction', corrects: true });
    const facts = Object.fromEntries(classifier.classFacts.map(({ name, labels }) => [name, labels]));
    expect(facts['asked']).toBe(1);
  });

  it('may be labelled after its class is forgotten', () => {
    const classifier = named();
    classifier.forgetClass('asked');
    classifier.label(61n, 'class 1', { kind: 'random' });
    expect(classifier.nameOf(61n)).toBe('class 1');
  });

  it('is so after a restart; an older file has no answered question', () => {
    const [whole, first, second] = [make({ linear }), make({ linear }), make({ linear })];
    live(whole, 300, 'answer', 2);
    live(first, 300, 'answer', 2);
    second.restore(structuredClone(first.snapshot()));
    expect(second.snapshot()).toEqual(first.snapshot());
    live(whole, 200, 'random', 2, 4);
    live(second, 200, 'random', 2, 4);
    expect(second.snapshot()).toEqual(whole.snapshot());
    const { tensors, ...rest } = first.snapshot();
    const older = Object.entries(tensors).filter(([name]) => name !== 'judgement.answers');
    const third = make({ linear });
    third.restore({ ...rest, tensors: Object.fromEntries(older) });
    expect(third.snapshot().tensors['judgement.answers'].data[0]).toBe(0);
    second.reset();
    expect(second.snapshot()).toEqual(make({ linear }).snapshot());
  });
});
