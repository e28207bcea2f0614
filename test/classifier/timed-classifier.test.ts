import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import type { TimedOptions } from '../../src/classifier/network-binding.js';
import { prototypes } from '../reference/sources.js';

const size = { neurons: 30, rows: 6, columns: 10, classes: 8, polarity: false, memory: 20 };
const timed: TimedOptions = { policy: 'rate', seed: 4 };
const point = { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 };

/** Shows samples of four classes. Returns how many answers were right. */
const live = (classifier: OnlineClassifier, samples: number, timesteps = 35, labels = true): number => {
  const random = new Random(5);
  const source = prototypes(60, 4, (k) => k);
  let right = 0;
  for (let k = 0; k < samples; k++) {
    const { pixels, name } = source(k, random);
    const stamp = BigInt(classifier.samples);
    const answer = classifier.decide(pixels, stamp, { ...point, timesteps }, labels);
    right += Number(answer.label === name);
    if (labels) expect(classifier.label(stamp, name)).toMatchObject({ found: true, credited: true });
  }
  return right;
};

describe('a classifier with spikes in time', () => {
  it.each(['none', 'paper', 'rate'] as const)('learns online, from labels as they come: %s', (policy) => {
    // A single network of 30 neurons may learn two of the classes as one.
    let right = 0;
    for (let seed = 0; seed < 8; seed++) {
      const classifier = new OnlineClassifier({ ...size, timed: { policy, seed } });
      live(classifier, 200, 350);
      right += live(classifier, 40, 350, false);
      expect(classifier.classes).toHaveLength(4);
    }
    expect(right).toBeGreaterThan(0.9 * 8 * 40);
  });

  it('decides at another T with the same weights', () => {
    const classifier = new OnlineClassifier({ ...size, timed });
    live(classifier, 200, 350);
    for (const timesteps of [100, 35, 16]) expect(live(classifier, 40, timesteps, false)).toBeGreaterThan(36);
  });

  it('continues exactly from a snapshot', () => {
    const classifier = new OnlineClassifier({ ...size, timed });
    live(classifier, 60);
    const other = new OnlineClassifier({ ...size, timed });
    other.restore(classifier.snapshot());
    expect(other.hash()).toBe(classifier.hash());
    live(classifier, 30);
    live(other, 30);
    expect(other.hash()).toBe(classifier.hash());
  });

  it.each(['none', 'rate'] as const)('gives the same bits however a sample is sliced: %s', (policy) => {
    const whole = new OnlineClassifier({ ...size, timed: { policy } });
    const cut = new OnlineClassifier({ ...size, timed: { policy } });
    const source = prototypes(60, 4, (k) => k);
    const random = new Random(6);
    for (let k = 0; k < 120; k++) {
      const { pixels, name } = k % 10 === 9 ? { pixels: new Uint8Array(60), name: 'dark' } : source(k, random);
      const stamp = BigInt(k);
      const at = { ...point, timesteps: [1, 35, 350][k % 3], exit: k % 2 };
      const learn = k % 4 !== 3;
      const expected = { ...whole.decide(pixels, stamp, at, learn) };
      let slices = 0;
      let more = cut.begin(pixels, stamp, at, learn);
      while (more) {
        more = cut.advance(1 + ((k + slices) % 8));
        slices++;
      }
      expect(cut.end()).toEqual(expected);
      if (k % 10 === 9) expect(slices).toBe(0);
      else if (learn && at.timesteps > 8) expect(slices).toBeGreaterThan(4);
      expect(cut.label(stamp, name)).toEqual(whole.label(stamp, name));
    }
    expect(cut.hash()).toBe(whole.hash());
  });

  it('does nothing else while a sample is being presented', () => {
    const classifier = new OnlineClassifier({ ...size, timed });
    live(classifier, 3);
    const before = classifier.snapshot();
    const { pixels } = prototypes(60, 4, (k) => k)(1, new Random(2));
    classifier.begin(pixels, 77n, point, false);
    classifier.advance(3);
    const others = [
      () => classifier.label(2n, 'a'),
      () => classifier.snapshot(),
      () => {
        classifier.restore(before);
      },
      () => {
        classifier.reset();
      },
      () => classifier.begin(pixels, 78n, point, false),
    ];
    for (const other of others) expect(other).toThrow('the sample of 77 ns is in hand, expected its end');
    expect(classifier.end().timestepsRun).toBe(3);
    expect(() => classifier.end()).toThrow('no sample is in hand');
  });

  it.each([
    [{ ...size }, 'policy of the stored classifier is "rate", expected "lean"'],
    [{ ...size, timed: { ...timed, seed: 5 } }, 'seed of the stored classifier is 4, expected 5'],
    [
      { ...size, timed: { ...timed, rule: 'expected' } },
      'rule of the stored classifier is "pair", expected "expected"',
    ],
  ] as const)('is not restored into another method', (options, sentence) => {
    const { tensors, meta, weightsHash } = new OnlineClassifier({ ...size, timed }).snapshot();
    const other = new OnlineClassifier(options);
    const before = other.hash();
    expect(() => {
      other.restore({ tensors, meta, weightsHash });
    }).toThrow(sentence);
    expect(other.hash()).toBe(before);
  });

  it('numbers its own classes first, then classes that were assigned', () => {
    const classifier = new OnlineClassifier({ ...size, timed });
    live(classifier, 40);
    const names = [...classifier.classes, 'other'];
    const shares = new Float32Array(30 * names.length);
    for (let j = 0; j < 30; j++) shares[j * names.length + 4] = 1;
    classifier.assign(names, shares);
    expect(classifier.decide(new Uint8Array(60).fill(9), 1000n, point, false)).toMatchObject({ label: 'other' });
    expect(() => {
      classifier.assign(['other'], shares);
    }).toThrow('the classes to assign are other, expected at most 8, first class 0, class 1, class 2, class 3, other');
  });

  it('forgets everything on reset', () => {
    const classifier = new OnlineClassifier({ ...size, timed });
    const before = classifier.hash();
    live(classifier, 10);
    classifier.reset();
    expect(classifier.hash()).toBe(before);
    expect(classifier.samples).toBe(0);
  });
});
