import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import type { Answer } from '../../src/classifier/answer.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import { leanPoint } from '../../src/timestep/policy/lean-policy.js';
import { prototypes } from '../reference/sources.js';

const point = leanPoint(60, { events: 64 });
const source = prototypes(96, 5, (_, random) => random.below(5));
source(0, new Random(1));
const make = (unknownRate: number): OnlineClassifier =>
  new OnlineClassifier({ neurons: 60, rows: 1, columns: 96, classes: 5, unknownRate });

/** Labels one in three samples of all classes but the last. */
function live(classifier: OnlineClassifier, samples: number): void {
  const random = new Random(4);
  for (let k = 0; k < samples; k++) {
    const { pixels, name } = source(k, random);
    const stamp = BigInt(classifier.samples);
    classifier.decide(pixels, stamp, point, true);
    if (k % 3 === 0 && name !== 'class 4') classifier.label(stamp, name, { kind: 'random' });
  }
}

/** Answers to the next samples; nothing is learned of them. */
function answers(classifier: OnlineClassifier): { readonly answer: Answer; readonly name: string }[] {
  const random = new Random(99);
  return Array.from({ length: 300 }, (_, k) => {
    const { pixels, name } = source(k, random);
    return { answer: classifier.decide(pixels, BigInt(1e6 + k), point, false), name };
  });
}

describe('a class that was seen but never labelled', () => {
  let found: ReturnType<typeof answers>;
  beforeAll(() => {
    const classifier = make(0.05);
    live(classifier, 2000);
    found = answers(classifier);
  });
  const unknownOf = (of: boolean): number => {
    const all = found.filter(({ name }) => (name === 'class 4') === of);
    return all.filter(({ answer }) => answer.reported.unknown).length / all.length;
  };

  it('is answered as unknown, and known classes are not', () => {
    expect(unknownOf(true)).toBeGreaterThan(0.9);
    expect(unknownOf(false)).toBeLessThan(0.1);
  });

  it('has an empty label, and the most likely class beside it', () => {
    const { answer } = found.find(({ answer: { reported } }) => reported.unknown) ?? found[0];
    expect(answer.reported).toMatchObject({ label: '', unknown: true });
    expect(answer.reported.unknownScore).toBeGreaterThan(0.5);
    expect(answer.label).not.toBe('');
  });

  it('is answered as another class when the unknown rate is 0', () => {
    const classifier = make(0);
    live(classifier, 2000);
    expect(answers(classifier).some(({ answer }) => answer.reported.unknown)).toBe(false);
    classifier.unknownRate = 0.05;
    expect(answers(classifier).some(({ answer }) => answer.reported.unknown)).toBe(true);
  });
});

it('its label records that the answer was empty', () => {
  const classifier = make(0.05);
  live(classifier, 2000);
  const random = new Random(7);
  for (let k = 0; k < 100; k++) {
    const { pixels, name } = source(k, random);
    const { reported } = classifier.decide(pixels, BigInt(5e6 + k), point, true);
    if (!reported.unknown) continue;
    expect(classifier.label(BigInt(5e6 + k), name)).toMatchObject({ found: true, abstained: true });
    return;
  }
  expect.unreachable();
});

describe('confidence', () => {
  it('is low after one label of one class', () => {
    const classifier = make(0.05);
    const random = new Random(2);
    for (let k = 0; k < 100; k++) classifier.decide(source(k, random).pixels, BigInt(k), point, true);
    classifier.label(99n, 'a');
    const sure = answers(classifier).map(({ answer }) => answer.reported.confidence);
    expect(Math.max(...sure)).toBeLessThan(0.6);
  });

  it('equals how often answers are right, even when a share of the labels is wrong', () => {
    const classifier = make(0);
    const random = new Random(6);
    let [said, right] = [0, 0];
    for (let k = 0; k < 4000; k++) {
      const drawn = source(k, random);
      const name = random.below(10) < 3 ? `class ${random.below(5)}` : drawn.name;
      const { reported, label } = classifier.decide(drawn.pixels, BigInt(k), point, true);
      if (k > 2000) [said, right] = [said + reported.confidence, right + Number(label === name)];
      if (k % 2 === 0) classifier.label(BigInt(k), name, { kind: 'random' });
    }
    expect(said / 2000).toBeCloseTo(right / 2000, 1);
    expect(right / 2000).toBeLessThan(0.85);
  });
});

describe('the score of unknown samples', () => {
  /** Learns samples in runs of one class, or in any order; labels one in three but those of the last class. */
  function learned(run: number): OnlineClassifier {
    const classifier = make(0.05);
    const random = new Random(11);
    let shown = 0;
    for (let k = 0; k < 3000; k++) {
      let drawn = source(k, random);
      while (k % run > 0 && drawn.name !== `class ${shown}`) drawn = source(k, random);
      shown = Number(drawn.name.slice(-1));
      classifier.decide(drawn.pixels, BigInt(k), point, true);
      if (k % 3 === 0 && shown !== 4) classifier.label(BigInt(k), drawn.name, { kind: 'random' });
    }
    return classifier;
  }
  /** Scores of a sample that has a name, and three times of one that has none. */
  function scores(classifier: OnlineClassifier): number[] {
    const random = new Random(12);
    const of = (wanted: boolean): Uint8Array => {
      let drawn = source(0, random);
      while ((drawn.name === 'class 4') === wanted) drawn = source(0, random);
      return drawn.pixels.slice();
    };
    const [named, unnamed] = [of(true), of(false)];
    return [named, named, named, named, named, unnamed, unnamed, unnamed].map((pixels, k) => {
      return classifier.decide(pixels, BigInt(1e6 + k), point, false).reported.unknownScore;
    });
  }

  it('follows the last few samples where neighbours are alike', () => {
    const [known, ...after] = scores(learned(20)).slice(4);
    expect(known).toBeLessThan(0.4);
    expect(after[1]).toBeGreaterThan(after[0] + 0.01);
    expect(after[2]).toBeGreaterThan(after[1] + 0.001);
    expect(after[2]).toBeGreaterThan(0.5);
  });

  it('is that of the sample alone where samples come in any order', () => {
    const [, ...after] = scores(learned(1)).slice(4);
    expect(Math.max(...after) - Math.min(...after)).toBeLessThan(0.01);
    expect(after[0]).toBeGreaterThan(0.5);
  });

  it('makes no group of a sample that has a name and follows others without one', () => {
    const classifier = learned(20);
    const random = new Random(13);
    const of = (name: string): Uint8Array => {
      let drawn = source(0, random);
      while (drawn.name !== name) drawn = source(0, random);
      return drawn.pixels.slice();
    };
    const [without, named] = [of('class 4'), of('class 1')];
    const reported = [without, without, without, without, without, named].map((pixels, k) => {
      const { unknown, group } = classifier.decide(pixels, BigInt(1e6 + k), point, false).reported;
      return { unknown, group };
    });
    expect(reported.slice(-2)).toEqual([
      { unknown: true, group: true },
      { unknown: true, group: false },
    ]);
  });

  it('goes on after a restart, bit for bit', () => {
    const classifier = learned(20);
    const restarted = make(0.05);
    restarted.restore(classifier.snapshot());
    expect(scores(restarted)).toEqual(scores(classifier));
  });

  it('is not taken from a file with a negative one', () => {
    const snapshot = learned(20).snapshot();
    const course = snapshot.tensors['unknown.course'];
    course.data[5] = -1;
    const classifier = make(0.05);
    expect(() => {
      classifier.restore(snapshot);
    }).toThrow(/unknown\.course\[5\].* -1/);
    expect(classifier.samples).toBe(0);
  });
});
