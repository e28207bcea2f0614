import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { OnlineClassifier, type ClassifierOptions } from '../../src/classifier/online-classifier.js';
import { leanPoint } from '../../src/timestep/policy/lean-policy.js';
import { prototypes } from '../reference/sources.js';

const point = leanPoint(40, { events: 64 });
const source = prototypes(96, 5, (_, random) => random.below(5));

/** A stream of five classes. The first few samples of each are labelled, each after its answer. */
function live(options: Partial<ClassifierOptions>, samples: number, named: number): OnlineClassifier {
  const classifier = new OnlineClassifier({ neurons: 40, rows: 1, columns: 96, classes: 5, ...options });
  const random = new Random(4);
  const heard = new Map<string, number>();
  for (let k = 0; k < samples; k++) {
    const { pixels, name } = source(k, random);
    classifier.decide(pixels, BigInt(k), point, true);
    const count = heard.get(name) ?? 0;
    if (count < named) classifier.label(BigInt(k), name);
    heard.set(name, count + 1);
  }
  return classifier;
}

/** For the next samples: how many network and final answers are right, and how many class neurons decided. */
function tested(classifier: OnlineClassifier): { net: number; given: number; read: number } {
  const random = new Random(99);
  const found = { net: 0, given: 0, read: 0 };
  for (let k = 0; k < 300; k++) {
    const { pixels, name } = source(k, random);
    const answer = classifier.decide(pixels, BigInt(1e6 + k), point, false);
    found.net += Number(answer.net.label === name);
    found.given += Number(answer.label === name);
    found.read += Number(answer.readout === 'class_neurons');
  }
  return found;
}

type Stored = 'weights' | 'inverse' | 'seen' | 'labels' | 'self' | 'common' | 'looks';
const stored = (classifier: OnlineClassifier, name: Stored): Float32Array =>
  classifier.snapshot().tensors[`class_neurons.${name}`].data as Float32Array;

describe('class neurons', () => {
  it('answer when each class has one label, and are not used when every sample is labelled', () => {
    const few = tested(live({}, 1500, 1));
    expect(few.read).toBeGreaterThan(100);
    expect(few.given).toBeGreaterThanOrEqual(few.net);
    expect(tested(live({}, 1500, Infinity)).read).toBeLessThan(20);
  });

  it('leave weights, thresholds and evidence unchanged, whether they learn from unlabelled samples or not', () => {
    const [alone, both] = [live({ selfLearning: false }, 800, 2), live({ selfLearning: true }, 800, 2)];
    expect(both.hash()).toBe(alone.hash());
    expect(stored(alone, 'self')).toEqual(new Float32Array(8));
    expect(Math.max(...stored(both, 'self'))).toBeGreaterThan(1);
    // Unlabelled samples weigh at most as much as two labels.
    expect(Math.max(...stored(both, 'self'))).toBeLessThanOrEqual(2.001);
  });

  it('ignore what vectors of features have in common, and leave the network unchanged', () => {
    // Half of every sample is the same in all classes; the labelled one of class 0 shows little else.
    const world = (seed: number, features: boolean): { right: number; classifier: OnlineClassifier } => {
      const classifier = new OnlineClassifier({ neurons: 40, rows: 1, columns: 96, classes: 5, features });
      const random = new Random(seed);
      let right = 0;
      for (let k = 0; k < 600; k++) {
        const kind = k % 5;
        const [own, noise] = k === 0 ? [20, 30] : [45, 60];
        const pixels = Uint8Array.from({ length: 96 }, (_, i) => {
          if (i >= 48) return 80 + random.below(40);
          return (Math.floor(i / 8) === kind ? own : 0) + random.below(noise);
        });
        const { label } = classifier.decide(pixels, BigInt(k), point, true);
        if (k < 5) classifier.label(BigInt(k), `kind ${kind}`);
        else if (k >= 200) right += Number(label === `kind ${kind}`);
      }
      return { right: right / 400, classifier };
    };
    let gain = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const [without, features] = [world(seed, false), world(seed, true)];
      gain += (features.right - without.right) / 6;
      expect(features.classifier.hash()).toBe(without.classifier.hash());
      expect(Math.max(...stored(without.classifier, 'common'))).toBe(0);
      expect(Math.min(...stored(features.classifier, 'common').subarray(0, 5))).toBeGreaterThan(0);
    }
    expect(gain).toBeGreaterThan(0.05);
  });

  it('let unlabelled vectors of features weigh up to 16 labels for a class with one label, 4 otherwise', () => {
    const [one, many] = [live({ features: true }, 4000, 1), live({ features: true }, 4000, 8)];
    expect(Math.max(...stored(one, 'self'))).toBeGreaterThan(4.1);
    expect(Math.max(...stored(one, 'self'))).toBeLessThanOrEqual(16.01);
    expect(Math.max(...stored(many, 'self'))).toBeLessThanOrEqual(4.01);
  });

  it('continue from a checkpoint older than the common drive, with the same next answer', () => {
    const classifier = live({ features: true }, 400, 2);
    const snapshot = structuredClone(classifier.snapshot());
    expect(snapshot.meta).toMatchObject({ features: true });
    const older = Object.entries(snapshot.tensors).filter(([name]) => !/class_neurons\.(common|looks)/.test(name));
    const before = live({ features: true }, 400, 2);
    before.restore({ ...snapshot, tensors: Object.fromEntries(older) });
    expect(stored(before, 'common')).toEqual(new Float32Array(8));
    expect(stored(before, 'weights')).toEqual(stored(classifier, 'weights'));
    const asItWas = live({}, 1, 0);
    const { features, ...meta } = snapshot.meta;
    expect(features).toBe(true);
    asItWas.restore({ ...snapshot, meta });
    const { pixels } = source(0, new Random(3));
    const answers = [before, asItWas].map((each) => {
      const { label, confidence, lead, scores } = each.decide(pixels, 9_000_000n, point, false);
      return { label, confidence, lead, scores };
    });
    expect(answers[0]).toEqual(answers[1]);
  });

  it('leave nothing of a replaced class in its successor', () => {
    const classifier = live({}, 400, 1);
    const before = classifier.classes;
    const gone = classifier.giveWay('new');
    const at = before.indexOf(gone?.name ?? '');
    expect(at).toBeGreaterThanOrEqual(0);
    expect(classifier.classes).toEqual(before.toSpliced(at, 1));
    expect(stored(classifier, 'weights')).toHaveLength(4 * 96);
    expect(stored(classifier, 'seen').filter((seen) => seen > 0)).toHaveLength(4);
    for (const name of ['inverse', 'seen', 'labels', 'self'] as const) expect(stored(classifier, name)[4]).toBe(0);
    const features = live({ features: true }, 400, 1);
    features.giveWay('new');
    for (const name of ['common', 'looks'] as const) expect(stored(features, name)[4]).toBe(0);
  });

  it('do not answer a silent sample, and know nothing after a reset', () => {
    const classifier = live({}, 400, 1);
    expect(classifier.decide(new Uint8Array(96), 5_000_000n, point, true)).toMatchObject({ label: '', readout: 'net' });
    classifier.reset();
    const { pixels } = source(0, new Random(1));
    expect(classifier.decide(pixels, 1n, point, true)).toMatchObject({ label: '', readout: 'net' });
    expect(stored(classifier, 'seen')).toEqual(new Float32Array(8));
  });

  it("start empty when a checkpoint is older than they are, and every earlier answer was the network's", () => {
    const classifier = live({}, 400, 1);
    const snapshot = structuredClone(classifier.snapshot());
    const older = Object.entries(snapshot.tensors).filter(
      ([name]) => !name.startsWith('class_neurons.') && !['memory.given', 'memory.classAnswers'].includes(name),
    );
    classifier.restore({ ...snapshot, tensors: Object.fromEntries(older) });
    expect(classifier.hash()).toBe(snapshot.weightsHash);
    expect(stored(classifier, 'seen')).toEqual(new Float32Array(8));
    const { tensors } = classifier.snapshot();
    expect(tensors['memory.given'].data).toEqual(tensors['memory.answers'].data);
    expect(tested(classifier).read).toBe(0);
  });

  it.each([
    ['weights', 1.5],
    ['weights', -0.1],
    ['inverse', Infinity],
    ['inverse', NaN],
    ['seen', -1],
    ['labels', 1e9],
    ['common', 1.1],
    ['looks', -1],
  ] as const)('refuse a stored %s of %s, and nothing changes', (name, value) => {
    const classifier = live({}, 200, 1);
    const before = classifier.snapshot();
    const forged = structuredClone(before);
    forged.tensors[`class_neurons.${name}`].data[0] = value;
    expect(() => {
      classifier.restore(forged);
    }).toThrow(/class_neurons/);
    expect(classifier.snapshot()).toEqual(before);
  });

  it('do not exist with spikes in time', () => {
    const timed = { policy: 'rate', seed: 1 } as const;
    const classifier = live({ timed }, 60, 1);
    expect(Object.keys(classifier.snapshot().tensors).some((name) => name.startsWith('class_neurons.'))).toBe(false);
    expect(tested(classifier).read).toBe(0);
  });
});
