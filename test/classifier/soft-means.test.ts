import { describe, expect, it } from 'vitest';
import { freshCopy } from '../../src/base/buffer-pool.js';
import { Random } from '../../src/base/random.js';
import { SoftMeans } from '../../src/classifier/soft-means.js';

const inputs = 6;

function rowOf(random: Random, middle: readonly number[] = []): Float64Array {
  const x = Float64Array.from({ length: inputs }, (_, i) => (middle[i] ?? 0) + 0.3 * random.uniform());
  const norm = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  return x.map((value) => value / norm);
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((all, each) => all + each, 0);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((all, each, i) => all + each * b[i], 0);

/** The equations at the head of soft-means.ts, by whole vectors. */
class PlainMeans {
  readonly kinds: { sum: number[]; named: number; unnamed: number }[] = [];
  mean = Array<number>(inputs).fill(0);
  samples = 0;

  shares(x: readonly number[]): number[] {
    const y = x.map((value, i) => value - this.mean[i]);
    const d = this.kinds.map(({ sum: all, named, unnamed }) => {
      const m = all.map((value, i) => value - (named + unnamed) * this.mean[i]);
      return dot(m, y) / Math.sqrt(dot(m, m) * dot(y, y));
    });
    const z = d.map((each) => Math.max(0, 1 - (Math.max(...d) - each) / 0.2) ** 2);
    return z.map((each) => each / sum(z));
  }

  sample(x: readonly number[]): void {
    const shares = this.shares(x);
    this.kinds.forEach((kind, c) => {
      const weight = 0.1 * shares[c];
      if (kind.unnamed + weight > 16) return;
      kind.sum = kind.sum.map((value, i) => value + weight * x[i]);
      kind.unnamed += weight;
    });
    this.samples++;
    this.mean = this.mean.map((value, i) => value + (x[i] - value) / Math.min(this.samples, 1000));
  }

  label(x: readonly number[], c: number): void {
    this.kinds[c] ??= { sum: Array<number>(inputs).fill(0), named: 0, unnamed: 0 };
    this.kinds[c].sum = this.kinds[c].sum.map((value, i) => value + x[i]);
    this.kinds[c].named++;
  }
}

const middles = [
  [1, 0.2, 0, 0, 0.5, 0.5],
  [0, 1, 0.2, 0, 0.5, 0.5],
  [0, 0, 1, 0.2, 0.5, 0.5],
];

describe('SoftMeans', () => {
  it('follows its equations over a stream with a label for every class', () => {
    const random = new Random(1);
    const [means, plain] = [new SoftMeans(inputs, 4), new PlainMeans()];
    for (const [c, middle] of middles.entries()) {
      const x = rowOf(random, middle);
      means.name(x, c, 1);
      plain.label([...x], c);
    }
    for (let k = 0; k < 1200; k++) {
      const x = rowOf(random, middles[random.below(3)]);
      means.compare(x, 3);
      plain.shares([...x]).forEach((share, c) => {
        expect(means.shares[c]).toBeCloseTo(share, 9);
      });
      means.learn(x, 3);
      means.watch(x);
      plain.sample([...x]);
    }
  });

  it('finds a class from one label and unnamed samples better than from the label alone', () => {
    const right = [false, true].map((learns) => {
      const random = new Random(2);
      const means = new SoftMeans(inputs, 3);
      const noisy = (c: number): Float64Array =>
        rowOf(
          random,
          middles[c].map((value) => value + 1.2 * (random.uniform() - 0.5)),
        );
      let found = 0;
      for (let c = 0; c < 3; c++) means.name(noisy(c), c, 1);
      for (let k = 0; k < 900; k++) {
        const c = random.below(3);
        const x = noisy(c);
        means.compare(x, 3);
        if (k >= 500) found += Number(means.shares.indexOf(Math.max(...means.shares)) === c);
        else if (learns) {
          means.learn(x, 3);
          means.watch(x);
        }
      }
      return found;
    });
    expect(right[1]).toBeGreaterThan(right[0] + 20);
  });

  it('lets unnamed samples weigh no more than 16 labels, and learns none with one class', () => {
    const random = new Random(3);
    const means = new SoftMeans(inputs, 2);
    const x = rowOf(random);
    means.name(x, 0, 1);
    means.compare(x, 1);
    expect(means.learn(x, 1)).toBe(0);
    means.name(rowOf(random, middles[1]), 1, 1);
    let learned = 0;
    for (let k = 0; k < 1000; k++) {
      means.compare(rowOf(random, middles[0]), 2);
      learned += means.learn(rowOf(random, middles[0]), 2);
    }
    const unnamed = means.tensors(freshCopy, 2)['linear.unnamed'].data;
    expect(Math.max(...Array.from(unnamed, Number))).toBeLessThanOrEqual(16);
    expect(Math.max(...Array.from(unnamed, Number))).toBeGreaterThan(15.8);
    expect(learned).toBeLessThan(1000);
  });

  it('undoes a name, empties a class without names, and adds the sums of two merged classes', () => {
    const random = new Random(4);
    const means = new SoftMeans(inputs, 4);
    const rows = Array.from({ length: 6 }, (_, k) => rowOf(random, middles[k % 3]));
    rows.forEach((x, k) => {
      means.name(x, k % 3, 1);
    });
    expect(means.know(3)).toBe(true);
    const before = means.tensors(freshCopy, 3);
    means.name(rows[0], 1, 1);
    means.name(rows[0], 1, -1);
    Array.from(means.tensors(freshCopy, 3)['linear.sums'].data, Number).forEach((value, i) => {
      expect(value).toBeCloseTo(Number(before['linear.sums'].data[i]), 12);
    });
    means.removeClass(1, 3, 0);
    const sums = Array.from(means.tensors(freshCopy, 2)['linear.sums'].data, Number);
    expect(sums[0]).toBeCloseTo(rows[0][0] + rows[3][0] + rows[1][0] + rows[4][0], 12);
    expect(sums[inputs]).toBeCloseTo(rows[2][0] + rows[5][0], 12);
    expect(Array.from(means.tensors(freshCopy, 2)['linear.named'].data, Number)).toEqual([4, 2]);
    means.name(rows[2], 1, -1);
    means.name(rows[5], 1, -1);
    expect(means.know(2)).toBe(false);
    expect(Array.from(means.tensors(freshCopy, 2)['linear.sums'].data, Number).slice(inputs)).toEqual(
      Array<number>(inputs).fill(0),
    );
  });
});
