import { beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { OnlineClassifier, type ClassifierOptions } from '../../src/classifier/online-classifier.js';
import type { OperatingPoint } from '../../src/timestep/policy/operating-point.js';

const options = { neurons: 20, rows: 4, columns: 9, classes: 3, memory: 8 };
const point: OperatingPoint = { timesteps: 35, events: 100, keep: 10, exitFirst: 0, exit: 0 };
const blank = new Uint8Array(36);

let classifier: OnlineClassifier;
let random: Random;
let stamp: bigint;
beforeEach(() => {
  classifier = new OnlineClassifier(options);
  random = new Random(1);
  stamp = 0n;
});

/** A picture of class `kind`: its own six inputs, varied. */
function picture(kind: number): Uint8Array {
  return blank.map((_, i) => (Math.floor(i / 6) === kind ? 150 + random.below(100) : random.below(20)));
}

/** Shows one picture. Returns its stamp. */
function show(kind: number, learn = true): bigint {
  classifier.decide(picture(kind), ++stamp, point, learn);
  return stamp;
}

describe('an answer', () => {
  it('is empty with confidence 0 while nothing is known', () => {
    for (let k = 0; k < 20; k++) show(k % 3);
    const answer = classifier.decide(picture(0), 99n, point, true);
    expect(answer).toMatchObject({ label: '', confidence: 0, lead: 0, sample: 20, learned: true });
    expect(answer.scores).toHaveLength(0);
  });

  it('gives the class after one label of each, with votes and confidence', () => {
    for (let k = 0; k < 30; k++) show(k % 3);
    ['a', 'b', 'c'].forEach((name, kind) => classifier.label(show(kind), name));
    const answer = classifier.decide(picture(1), 99n, point, false);
    expect(answer.label).toBe('b');
    expect(classifier.classes).toEqual(['a', 'b', 'c']);
    const [a, b, c] = answer.scores;
    expect(answer.confidence).toBeCloseTo(b / (a + b + c), 6);
    expect(answer.lead).toBeCloseTo(b - Math.max(a, c), 5);
    expect(answer.confidence).toBeGreaterThan(0.5);
  });

  it('is empty for an empty sample, and nothing changes', () => {
    for (let k = 0; k < 30; k++) classifier.label(show(k % 3), `${k % 3}`);
    const hash = classifier.hash();
    const answer = classifier.decide(blank, 99n, point, true);
    expect(answer).toMatchObject({ label: '', confidence: 0, learned: false, timestepsRun: 0 });
    expect([...answer.scores]).toEqual([0, 0, 0]);
    expect(classifier.hash()).toBe(hash);
  });
});

it('treats numbers in 0..1 like the bytes that they are rounded to', () => {
  const numbers = new OnlineClassifier(options);
  for (let k = 0; k < 30; k++) {
    const bytes = picture(k % 3);
    classifier.decide(bytes, BigInt(k), point, true);
    numbers.decide(
      Float32Array.from(bytes, (x) => (x + 0.3) / 255).map((x) => Math.min(1, x)),
      BigInt(k),
      point,
      true,
    );
    for (const each of [classifier, numbers]) each.label(BigInt(k), `${k % 3}`);
  }
  expect(numbers.snapshot()).toEqual(classifier.snapshot());
});

describe('bad input is refused and changes nothing', () => {
  it.each([
    [new Uint8Array(35), point, 'the sample has 35 intensities, expected 36'],
    [new Uint8Array(0), point, 'the sample has 0 intensities, expected 36'],
    [new Float32Array(37), point, 'the sample has 37 intensities, expected 36'],
    [new Float32Array(36).fill(NaN, 7), point, 'intensity 7 is NaN, expected a number in 0..1'],
    [new Float32Array(36).fill(-Infinity, 35), point, 'intensity 35 is -Infinity'],
    [Float32Array.from(blank).fill(-0.25, 3), point, 'intensity 3 is -0.25'],
    [Float32Array.from(blank).fill(1.5, 3), point, 'intensity 3 is 1.5'],
    [new Float32Array(36).fill(1), { ...point, timesteps: 0 }, 'operating point: timesteps is 0'],
    [blank, { ...point, timesteps: 0 }, 'operating point: timesteps is 0, expected an integer in 1..1000'],
    [blank, { ...point, timesteps: 1e9 }, 'operating point: timesteps is 1000000000'],
    [blank, { ...point, events: NaN }, 'operating point: events is NaN'],
  ])('%#', (intensities, at, message) => {
    for (let k = 0; k < 30; k++) classifier.label(show(k % 3), `${k % 3}`);
    const before = classifier.snapshot();
    expect(() => classifier.decide(intensities, 99n, at, true)).toThrow(message);
    expect(classifier.snapshot()).toEqual(before);
  });

  it.each<[Partial<ClassifierOptions>, string]>([
    [{ neurons: 0 }, 'network: neurons is 0, expected an integer in 10..6400'],
    [{ rows: 0 }, 'network: rows is 0'],
    [{ classes: 0 }, 'network: classes is 0, expected an integer in 1..4096'],
    [{ memory: 0 }, 'classifier: memory is 0, expected an integer in 1..65536'],
    [{ memory: 1.5 }, 'classifier: memory is 1.5'],
  ])('size %o', (changed, message) => {
    expect(() => new OnlineClassifier({ ...options, ...changed })).toThrow(message);
  });
});

describe('a label', () => {
  it('reports whether the earlier answer was right', () => {
    for (let k = 0; k < 30; k++) classifier.label(show(k % 3), `${k % 3}`);
    expect(classifier.label(show(1), '1')).toMatchObject({ found: true, correct: true, answered: '1', credited: true });
    expect(classifier.label(show(1), '2')).toMatchObject({ found: true, correct: false, answered: '1' });
  });

  it('costs label updates, counted apart from the presentation', () => {
    for (let k = 0; k < 30; k++) classifier.label(show(k % 3), `${k % 3}`);
    const answer = classifier.decide(picture(0), 99n, point, true);
    const outcome = classifier.label(99n, '0');
    const fired = answer.operations.plasticityUpdates / answer.operations.encoderUpdates;
    expect(fired).toBeGreaterThan(0);
    expect(outcome).toMatchObject({ labelUpdates: 3 * fired });
  });

  it('is refused for an unknown stamp', () => {
    show(0);
    expect(classifier.label(77n, 'a')).toEqual({ found: false, cause: 'unknown_stamp' });
    expect(classifier.classes).toEqual([]);
  });

  it('is refused when the buffer has moved on', () => {
    const first = show(0);
    for (let k = 0; k < 7; k++) show(1);
    expect(classifier.label(first, 'a')).toMatchObject({ found: true });
    show(1);
    expect(classifier.label(first, 'a')).toEqual({ found: false, cause: 'unknown_stamp' });
  });

  it('is refused when it is the second for a sample', () => {
    const first = show(0);
    classifier.label(first, 'a');
    const hash = classifier.hash();
    expect(classifier.label(first, 'b')).toEqual({ found: false, cause: 'duplicate' });
    expect([classifier.hash(), ...classifier.classes]).toEqual([hash, 'a']);
  });

  it('is refused for an empty sample', () => {
    classifier.decide(blank, 5n, point, true);
    expect(classifier.label(5n, 'a')).toEqual({ found: false, cause: 'silent_sample' });
  });

  it('is refused when there is no room for its class, and the sample stays unlabelled', () => {
    ['a', 'b', 'c'].forEach((name, kind) => classifier.label(show(kind), name));
    const fourth = show(3);
    expect(classifier.label(fourth, 'd')).toEqual({ found: false, cause: 'too_many_classes' });
    expect(classifier.label(fourth, 'a')).toMatchObject({ found: true });
  });

  it('is an error without a name', () => {
    expect(() => classifier.label(show(0), '')).toThrow(
      /^label of 0\.000000001 s has no name, expected 1 to 256 characters$/,
    );
  });

  it('is an error when the name is a long text: every decision would repeat it', () => {
    const text = 'x'.repeat(257);
    const found = `label of 0.000000001 s has the name "${'x'.repeat(60)}…" (257 characters), expected 1 to 256 characters`;
    expect(() => classifier.label(show(0), text)).toThrow(found);
    expect(classifier.classes).toEqual([]);
    expect(classifier.label(1n, text.slice(1))).toMatchObject({ found: true });
  });

  it.each([
    ['of a sample that was not learned', false, true],
    ['that is not to be learned', true, false],
  ])('%s is only compared', (_, learnSample, learnLabel) => {
    for (let k = 0; k < 30; k++) classifier.label(show(k % 3), `${k % 3}`);
    const hash = classifier.hash();
    const at = show(2, learnSample);
    const after = learnSample ? classifier.hash() : hash;
    const outcome = classifier.label(at, '2', { learn: learnLabel });
    expect(outcome).toEqual({
      found: true,
      kind: 'unset',
      abstained: false,
      sample: 30,
      correct: true,
      answered: '2',
      net: { correct: true, answered: '2' },
      repeated: false,
      named: 0,
      credited: false,
      labelUpdates: 0,
      plasticityUpdates: 0,
    });
    expect(classifier.label(at, '2')).toEqual({ found: false, cause: 'duplicate' });
    expect(classifier.hash()).toBe(after);
  });

  it('means the newer sample when two have the same stamp', () => {
    classifier.label(show(0), 'a');
    classifier.decide(picture(0), 9n, point, true);
    classifier.decide(blank, 9n, point, true);
    expect(classifier.label(9n, 'a')).toEqual({ found: false, cause: 'silent_sample' });
  });
});

it('starts over after a reset, with the same bits as a new one', () => {
  const life = (): string => {
    random = new Random(4);
    stamp = 0n;
    for (let k = 0; k < 200; k++) classifier.label(show(random.below(3)), `${k % 2}`);
    return classifier.hash();
  };
  const hash = life();
  classifier.reset();
  expect([classifier.samples, classifier.neuronsUsed, classifier.classes.length]).toEqual([0, 0, 0]);
  expect(classifier.label(200n, 'a')).toEqual({ found: false, cause: 'unknown_stamp' });
  expect(life()).toBe(hash);
});
