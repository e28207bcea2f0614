import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import type { Answer } from '../../src/classifier/answer.js';
import { OnlineClassifier, type ClassifierOptions } from '../../src/classifier/online-classifier.js';
import { leanPoint } from '../../src/timestep/policy/lean-policy.js';

const inputs = 32;
const point = leanPoint(50);

// Classes that differ by the sign of their common inputs: on and off channels of a vector.
class World {
  readonly #random: Random;
  readonly #middles: readonly number[][];

  constructor(
    seed: number,
    readonly kinds = 4,
  ) {
    this.#random = new Random(seed);
    this.#middles = Array.from({ length: kinds }, () => Array.from({ length: inputs / 2 }, () => this.#signed()));
  }

  /** The next sample, of classes from..to−1. */
  next(from = 0, to = this.kinds): { sample: Uint8Array; name: string } {
    const kind = from + this.#random.below(to - from);
    const values = this.#middles[kind].map((value) => value + 1.2 * this.#signed());
    const largest = Math.max(...values.map(Math.abs));
    const level = (value: number): number => Math.round((255 * Math.max(0, value)) / largest);
    return { sample: Uint8Array.from([...values.map(level), ...values.map((v) => level(-v))]), name: `kind ${kind}` };
  }

  #signed(): number {
    return 2 * this.#random.uniform() - 1;
  }
}

const withReadout = (more: Partial<ClassifierOptions> = {}): OnlineClassifier =>
  new OnlineClassifier({
    ...{ neurons: 50, rows: 1, columns: inputs, classes: 8, memory: 64 },
    ...{ linear: [{ inputs, signed: true }], ...more },
  });

function live(classifier: OnlineClassifier, world: World, samples: number): Answer[] {
  return Array.from({ length: samples }, () => {
    const { sample, name } = world.next();
    const stamp = BigInt(classifier.samples);
    const answer = classifier.decide(sample, stamp, point, true);
    classifier.label(stamp, name);
    return answer;
  });
}

const tensor = (classifier: OnlineClassifier, name: string): number[] =>
  Array.from(classifier.snapshot().tensors[name].data, Number);

describe('LinearStage', () => {
  it("leaves the network's answers, weights and evidence unchanged to the bit", () => {
    const [with_, without] = [
      withReadout(),
      new OnlineClassifier({ neurons: 50, rows: 1, columns: inputs, classes: 8 }),
    ];
    const [a, b] = [live(with_, new World(1), 400), live(without, new World(1), 400)];
    expect(a.map(({ net }) => ({ ...net, scores: undefined }))).toEqual(
      b.map(({ net }) => ({ ...net, scores: undefined })),
    );
    expect(with_.hash()).toBe(without.hash());
    const net = (classifier: OnlineClassifier): unknown[] =>
      Object.entries(classifier.snapshot().tensors).filter(([name]) => /^(network|class_neurons)\./.test(name));
    expect(net(with_)).toEqual(net(without));
  });

  it('is right more often than the votes alone, and reports who decided', () => {
    const classifier = withReadout();
    const world = new World(2);
    live(classifier, world, 600);
    const right = { given: 0, votes: 0, linear: 0 };
    for (let k = 0; k < 300; k++) {
      const { sample, name } = world.next();
      const { label, readout, readouts } = classifier.decide(sample, BigInt(classifier.samples), point, false);
      right.given += Number(label === name);
      right.votes += Number(readouts?.votes === name);
      right.linear += Number(readouts?.linear === name);
      expect(readout).toBe('linear');
    }
    expect(right.given).toBeGreaterThan(right.votes + 5);
    expect(right.given).toBeGreaterThanOrEqual(right.linear - 10);
  });

  it('returns scores whose largest is the answer, and counts what it read', () => {
    const classifier = withReadout();
    const world = new World(3);
    live(classifier, world, 200);
    const { scores, label, confidence, lead, operations, net } = classifier.decide(
      ...([world.next().sample, 1000n, point, false] as const),
    );
    const sorted = [...scores].sort((a, b) => b - a);
    expect(classifier.classes[scores.indexOf(sorted[0])]).toBe(label);
    expect(lead).toBeCloseTo(sorted[0] - sorted[1], 5);
    expect(confidence).toBeCloseTo(sorted[0] / scores.reduce((sum, each) => sum + each, 0), 5);
    expect(Math.min(...scores)).toBeGreaterThanOrEqual(0);
    const read = 4 * (inputs / 2);
    expect(operations.synapticEvents - net.operations.synapticEvents).toBeGreaterThanOrEqual(read);
    expect(operations.labelUpdates - net.operations.labelUpdates).toBeGreaterThanOrEqual(read);
  });

  it('counts the cost of a label', () => {
    const [with_, without] = [
      withReadout(),
      new OnlineClassifier({ neurons: 50, rows: 1, columns: inputs, classes: 8 }),
    ];
    const { sample, name } = new World(4).next();
    const [a, b] = [with_, without].map((classifier) => {
      classifier.decide(sample, 1n, point, true);
      const outcome = classifier.label(1n, name);
      if (!outcome.found) throw new Error(outcome.cause);
      return outcome;
    });
    const n = inputs / 2;
    expect(a.plasticityUpdates - b.plasticityUpdates).toBe((n * (n + 1)) / 2 + n);
    expect(a.labelUpdates - b.labelUpdates).toBe(n * n + n);
  });

  it('continues bit for bit from a snapshot, and starts empty from one without a readout', () => {
    const [whole, first, second, plain] = [withReadout(), withReadout(), withReadout(), withReadout()];
    const world = new World(5);
    live(first, world, 150);
    second.restore(structuredClone(first.snapshot()));
    const again = new World(5);
    live(whole, again, 300);
    live(second, world, 150);
    expect(second.snapshot()).toEqual(whole.snapshot());
    const { tensors, meta, weightsHash } = first.snapshot();
    const old = {
      tensors: Object.fromEntries(
        Object.entries(tensors).filter(([name]) => !/linear|memory\.(voted|trusting)/.test(name)),
      ),
      meta: Object.fromEntries(Object.entries(meta).filter(([name]) => name !== 'linear')),
      weightsHash,
    };
    plain.restore(old);
    expect(tensor(plain, 'linear.weights').every((w) => w === 0)).toBe(true);
    expect(plain.hash()).toBe(first.hash());
    live(plain, world, 5);
  });

  it('refuses a snapshot with a readout of other inputs, or with an invalid number', () => {
    const classifier = withReadout();
    live(classifier, new World(6), 20);
    const snapshot = classifier.snapshot();
    const other = withReadout({ linear: [{ inputs, signed: false }] });
    expect(() => {
      other.restore(snapshot);
    }).toThrow(/linear\.parts .*"signed":true.*expected .*"signed":false/);
    for (const name of ['linear.weights', 'linear.precision', 'linear.right']) {
      const forged = structuredClone(snapshot);
      forged.tensors[name].data[0] = NaN;
      expect(() => {
        withReadout().restore(forged);
      }).toThrow(name);
    }
  });

  it('uses late labels like early ones, in order of arrival', () => {
    const world = new World(7);
    const samples = Array.from({ length: 40 }, () => world.next());
    const [early, late] = [withReadout(), withReadout()];
    samples.forEach(({ sample, name }, k) => {
      early.decide(sample, BigInt(k), point, true);
      early.label(BigInt(k), name);
      late.decide(sample, BigInt(k), point, true);
    });
    samples.forEach(({ name }, k) => late.label(BigInt(k), name));
    expect(tensor(late, 'linear.precision')).toEqual(tensor(early, 'linear.precision'));
    expect(tensor(late, 'linear.weights')).toEqual(tensor(early, 'linear.weights'));
  });

  it('treats the second of two labels as the only one, and one taken back as if it had never come', () => {
    const world = new World(8);
    const samples = Array.from({ length: 40 }, () => world.next());
    const taught = (labels: readonly (string | undefined)[], more: (classifier: OnlineClassifier) => void) => {
      const classifier = withReadout();
      // Classes are opened in one order.
      samples.forEach(({ sample, name }, k) => {
        classifier.decide(sample, BigInt(k), point, true);
        if (labels[k] !== undefined) classifier.label(BigInt(k), k < 30 ? name : labels[k]);
      });
      more(classifier);
      return [...tensor(classifier, 'linear.weights'), ...tensor(classifier, 'linear.precision')];
    };
    const names = samples.map(({ name }) => name);
    const other = names[39] === 'kind 0' ? 'kind 1' : 'kind 0';
    const straight = taught(names, () => undefined);
    const corrected = taught(names.with(39, other), (classifier) => {
      const outcome = classifier.label(39n, names[39], { kind: 'correction', corrects: true });
      expect(outcome).toMatchObject({ found: true, corrected: other });
    });
    corrected.forEach((value, i) => {
      expect(value).toBeCloseTo(straight[i], 10);
    });
    const without = taught(names.with(39, undefined as never), () => undefined);
    const takenBack = taught(names, (classifier) => {
      expect(classifier.takeBack(39n)).toBe(names[39]);
    });
    takenBack.forEach((value, i) => {
      expect(value).toBeCloseTo(without[i], 10);
    });
  });

  it('forgets a class, and answers for two merged classes as if they had always been one', () => {
    const [apart, merged] = [withReadout(), withReadout()];
    const [a, b] = [new World(9), new World(9)];
    for (let k = 0; k < 120; k++) {
      const { sample, name } = a.next();
      apart.decide(sample, BigInt(k), point, true);
      apart.label(BigInt(k), name);
      b.next();
      merged.decide(sample, BigInt(k), point, true);
      merged.label(BigInt(k), name === 'kind 3' ? 'kind 2' : name);
    }
    expect(apart.renameClass('kind 3', 'kind 2')).toBe(true);
    const scores = (classifier: OnlineClassifier): Map<string, number[]> => {
      const w = tensor(classifier, 'linear.weights');
      return new Map(classifier.classes.map((name, c) => [name, w.slice(c * 16, (c + 1) * 16)]));
    };
    const expected = scores(merged);
    for (const [name, row] of scores(apart)) {
      row.forEach((w, i) => {
        expect(w).toBeCloseTo(expected.get(name)?.[i] ?? NaN, 10);
      });
    }
    apart.forgetClass('kind 2');
    expect(apart.classes).not.toContain('kind 2');
    expect(tensor(apart, 'linear.weights').length).toBe(2 * 16);
    expect(live(apart, a, 1)[0].label).not.toBe('kind 2');
  });

  it('has little weight after it proved worse than the votes', () => {
    const classifier = withReadout();
    const world = new World(10);
    live(classifier, world, 200);
    const snapshot = structuredClone(classifier.snapshot());
    // Scores of a readout that was always wrong.
    snapshot.tensors['linear.right'].data.set([1, 90] as never);
    classifier.restore(snapshot);
    const answers = Array.from({ length: 100 }, () => classifier.decide(world.next().sample, 9999n, point, false));
    expect(answers.filter(({ readout, label, readouts }) => readout !== 'linear' && label !== readouts?.votes)).toEqual(
      [],
    );
    expect(answers.some(({ readout }) => readout !== 'linear')).toBe(true);
  });

  it('starts over when its answers have become wrong, and keeps what it knows until labels contradict', () => {
    const classifier = withReadout({ neurons: 10, memory: 8 });
    const world = new World(11);
    const show = (rename: (name: string) => string): void => {
      for (let k = 0; k < 900; k++) {
        const { sample, name } = world.next();
        const stamp = BigInt(classifier.samples);
        classifier.decide(sample, stamp, point, true);
        classifier.label(stamp, rename(name));
      }
    };
    show((name) => name);
    const before = tensor(classifier, 'linear.precision');
    expect(Math.max(...before)).toBeLessThan(0.05);
    // Each kind is now the next: every label is another.
    for (let k = 0; k < 60; k++) {
      const { sample, name } = world.next();
      const stamp = BigInt(classifier.samples);
      classifier.decide(sample, stamp, point, true);
      classifier.label(stamp, `kind ${(Number(name.slice(-1)) + 1) % 4}`);
    }
    expect(Math.max(...tensor(classifier, 'linear.precision'))).toBeGreaterThan(0.05);
    show((name) => `kind ${(Number(name.slice(-1)) + 1) % 4}`);
    let right = 0;
    for (let k = 0; k < 200; k++) {
      const { sample, name } = world.next();
      const { label } = classifier.decide(sample, BigInt(classifier.samples), point, false);
      right += Number(label === `kind ${(Number(name.slice(-1)) + 1) % 4}`);
    }
    expect(right).toBeGreaterThan(160);
  });

  it('works with 500 classes: learned, stored, forgotten, renamed', () => {
    const many = 500;
    const make = (): OnlineClassifier => withReadout({ neurons: 600, classes: 512, memory: 600 });
    const classifier = make();
    const world = new World(12, many);
    for (let round = 0; round < 3; round++) {
      for (let kind = 0; kind < many; kind++) {
        const stamp = BigInt(classifier.samples);
        const { sample, name } = world.next(kind, kind + 1);
        classifier.decide(sample, stamp, point, true);
        expect(classifier.label(stamp, name).found).toBe(true);
      }
    }
    expect(classifier.classes.length).toBe(many);
    const restored = make();
    restored.restore(structuredClone(classifier.snapshot()));
    for (const each of [classifier, restored]) {
      expect(each.forgetClass('kind 7')).toBe(3);
      expect(each.renameClass('kind 499', 'last')).toBe(false);
      expect(each.renameClass('kind 498', 'last')).toBe(true);
    }
    expect(restored.classes.length).toBe(many - 2);
    const { sample } = world.next();
    const [a, b] = [classifier, restored].map((each) => each.decide(sample, 10_000n, point, true));
    expect(a).toEqual(b);
    expect(restored.snapshot()).toEqual(classifier.snapshot());
  });

  describe('with vectors of features', () => {
    const withMeans = (more: Partial<ClassifierOptions> = {}): OnlineClassifier =>
      withReadout({ features: true, ...more });
    const show = (classifier: OnlineClassifier, world: World, samples: number, labelsFirst: number): Answer[] => {
      const given = new Map<string, number>();
      return Array.from({ length: samples }, () => {
        const { sample, name } = world.next();
        const stamp = BigInt(classifier.samples);
        const answer = classifier.decide(sample, stamp, point, true);
        const before = given.get(name) ?? 0;
        if (before < labelsFirst) classifier.label(stamp, name);
        given.set(name, before + 1);
        return answer;
      });
    };

    it('learns from unnamed samples where labels are few, and leaves network and least squares as they are', () => {
      const right = [true, false].map((selfLearning) => {
        const found = [1, 2, 3, 4, 5, 6].map((seed) => {
          const classifier = withMeans({ selfLearning, neurons: 50 });
          const world = new World(seed);
          show(classifier, world, 400, 1);
          let count = 0;
          for (let k = 0; k < 200; k++) {
            const { sample, name } = world.next();
            const { readouts } = classifier.decide(sample, 9999n, point, false);
            count += Number(readouts?.linear === name);
          }
          return count;
        });
        return found.reduce((sum, each) => sum + each, 0);
      });
      expect(right[0]).toBeGreaterThan(right[1] + 60);
      const [a, b] = [withMeans(), withReadout()];
      for (const classifier of [a, b]) show(classifier, new World(20), 200, 1);
      expect(tensor(a, 'linear.weights')).toEqual(tensor(b, 'linear.weights'));
      expect(tensor(a, 'linear.precision')).toEqual(tensor(b, 'linear.precision'));
      expect(tensor(a, 'network.evidence')).toEqual(tensor(b, 'network.evidence'));
      expect(Object.keys(b.snapshot().tensors)).not.toContain('linear.sums');
    });

    it('continues bit for bit from a snapshot within a stream of few labels, also after class edits', () => {
      const [whole, first, second] = [withMeans(), withMeans(), withMeans()];
      const world = new World(21);
      show(first, world, 80, 2);
      second.restore(structuredClone(first.snapshot()));
      const again = new World(21);
      show(whole, again, 80, 2);
      for (const classifier of [whole, second]) {
        expect(classifier.renameClass('kind 3', 'kind 2')).toBe(true);
        expect(classifier.takeBack(BigInt(classifier.samples - 1))).toBeUndefined();
      }
      const [a, b] = [show(whole, again, 60, 1), show(second, world, 60, 1)];
      expect(b).toEqual(a);
      expect(second.snapshot()).toEqual(whole.snapshot());
    });

    it('does not use means after a snapshot without them until every class has a label again', () => {
      const [classifier, restored] = [withMeans(), withMeans()];
      const world = new World(22);
      show(classifier, world, 40, 1);
      const { tensors, meta, weightsHash } = structuredClone(classifier.snapshot());
      const means = /^linear\.(sums|named|unnamed|mean|watched)$/;
      const old = Object.fromEntries(Object.entries(tensors).filter(([name]) => !means.test(name)));
      expect(Object.keys(tensors).length - Object.keys(old).length).toBe(5);
      restored.restore({ tensors: old, meta, weightsHash });
      const { sample } = world.next();
      const [before, after] = [classifier, restored].map((each) => each.decide(sample, 9999n, point, false));
      const extra = 16 * (4 + 1);
      expect(before.operations.synapticEvents - after.operations.synapticEvents).toBe(extra);
      show(restored, world, 40, 1);
      const again = restored.decide(sample, 9999n, point, false);
      expect(again.operations.synapticEvents - again.net.operations.synapticEvents).toBeGreaterThanOrEqual(extra);
      for (const name of ['linear.sums', 'linear.named', 'linear.mean']) {
        const forged = structuredClone(classifier.snapshot());
        forged.tensors[name].data[0] = NaN;
        expect(() => {
          withMeans().restore(forged);
        }).toThrow(name);
      }
    });

    it('does not read them with more than 64 labels a class', () => {
      const classifier = withMeans();
      const world = new World(23);
      show(classifier, world, 200, 1000);
      const { sample } = world.next();
      const cost = (): number => {
        const { operations, net } = classifier.decide(sample, 9999n, point, false);
        return operations.synapticEvents - net.operations.synapticEvents;
      };
      expect(cost()).toBeGreaterThanOrEqual(16 * 9);
      show(classifier, world, 100, 1000);
      expect(cost()).toBe(16 * 4);
    });

    it('counts the cost of a label with that of its mean, and forgets a label that is taken back', () => {
      const [with_, without] = [withMeans(), withReadout()];
      const { sample, name } = new World(24).next();
      const [a, b] = [with_, without].map((classifier) => {
        classifier.decide(sample, 1n, point, true);
        const outcome = classifier.label(1n, name);
        if (!outcome.found) throw new Error(outcome.cause);
        return outcome;
      });
      expect(a.plasticityUpdates - b.plasticityUpdates).toBe(16);
      expect(a.labelUpdates - b.labelUpdates).toBe(16);
      expect(with_.label(1n, 'other', { kind: 'correction', corrects: true }).found).toBe(true);
      expect(tensor(with_, 'linear.named')).toEqual([0, 1]);
      expect(with_.takeBack(1n)).toBe('other');
      expect(tensor(with_, 'linear.named')).toEqual([0, 0]);
      expect(tensor(with_, 'linear.sums').every((each) => each === 0)).toBe(true);
    });
  });
});
