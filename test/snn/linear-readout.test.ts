import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinearReadout } from '../../src/snn/linear-readout.js';
import { Random } from '../../src/base/random.js';
import '../property-seed.js';
import { leastSquares, PlainLinearReadout } from '../reference/plain-linear-readout.js';

const sampleOf = (random: Random, size: number): Uint8Array =>
  Uint8Array.from({ length: size }, () => (random.below(2) === 0 ? 0 : random.below(256)));

/** A stored triangle of blocks as a whole matrix. Numbers stored twice must be equal. */
function matrixOf({ precision, stride }: LinearReadout): number[][] {
  const rows = Array.from({ length: stride }, () => Array<number>(stride).fill(NaN));
  let at = 0;
  for (let i = 0; i < stride; i++) {
    for (let j = 0; j < i - (i % 4) + 4; j++) rows[i][j] = precision[at++];
  }
  for (let i = 0; i < stride; i++)
    for (let j = i + 1; j < stride; j++) if (Number.isNaN(rows[i][j])) rows[i][j] = rows[j][i];
  return rows;
}

const numbersOf = (sample: Uint8Array, signed: boolean): number[] => {
  const half = sample.length / 2;
  const values = signed ? [...sample.subarray(0, half)].map((on, i) => on - sample[half + i]) : [...sample];
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / norm);
};

describe('a linear readout', () => {
  it('equals the plain reference bit for bit for any labels taught, moved, taken back and removed', () => {
    const step = fc.record({
      what: fc.constantFrom('teach', 'teach', 'teach', 'teach', 'back', 'move', 'remove', 'merge', 'loosen'),
      pick: fc.nat(1000),
      label: fc.nat(4),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 21 }),
        fc.boolean(),
        fc.nat(),
        fc.array(step, { maxLength: 40 }),
        (inputs, signed, seed, steps) => {
          const random = new Random(seed);
          const readout = new LinearReadout([{ inputs: signed ? 2 * inputs : inputs, signed }], 8);
          const plain = new PlainLinearReadout(inputs, signed);
          const taught: { sample: Uint8Array; label: number }[] = [];
          const open = (count: number): void => {
            while (plain.weights.length < count) plain.openClass();
          };
          open(1);
          for (const { what, pick, label } of steps) {
            const classes = plain.weights.length;
            const old = taught.length > 0 ? taught[pick % taught.length] : undefined;
            if (what === 'teach') {
              const sample = sampleOf(random, signed ? 2 * inputs : inputs);
              open(label + 1);
              const done = readout.teach(sample, label, plain.weights.length);
              expect(done).toBe(plain.teach([...sample], label));
              taught.push({ sample, label });
            } else if (what === 'loosen') {
              readout.loosen();
              plain.loosen();
            } else if (old && what === 'back') {
              const done = readout.takeBack(old.sample, old.label % classes, classes);
              expect(done).toBe(plain.teach([...old.sample], old.label % classes, true));
            } else if (old && what === 'move') {
              readout.move(old.sample, old.label % classes, label % classes);
              plain.move([...old.sample], old.label % classes, label % classes);
            } else if (classes > 1 && (what === 'remove' || what === 'merge')) {
              const gone = label % classes;
              const into = what === 'merge' ? (gone + 1) % classes : undefined;
              readout.removeClass(gone, classes, into);
              plain.removeClass(gone, into);
            }
          }
          const probe = sampleOf(random, signed ? 2 * inputs : inputs);
          const classes = plain.weights.length;
          expect([...readout.read(probe, classes).subarray(0, classes)]).toEqual(plain.read([...probe]));
          const { weights, stride } = readout;
          const found = plain.weights.map((_, c) => [...weights.subarray(c * stride, (c + 1) * stride)]);
          expect(found).toEqual(plain.weights);
          expect(weights.subarray(classes * stride).every((w) => w === 0)).toBe(true);
          expect(matrixOf(readout)).toEqual(plain.precision);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('equals least squares over all labels, in any order, with one moved and one taken back', () => {
    const random = new Random(3);
    const [inputs, classes] = [13, 3];
    const all = Array.from({ length: 60 }, () => ({
      sample: sampleOf(random, 2 * inputs),
      label: random.below(classes),
    }));
    const readout = new LinearReadout([{ inputs: 2 * inputs, signed: true }], classes);
    for (const { sample, label } of all.toReversed()) readout.teach(sample, label, classes);
    readout.move(all[7].sample, all[7].label, (all[7].label + 1) % classes);
    expect(readout.takeBack(all[9].sample, all[9].label, classes)).toBe(true);
    const kept = all
      .filter((_, k) => k !== 9)
      .map(({ sample, label }, k) => ({
        x: numbersOf(sample, true),
        label: k === 7 ? (label + 1) % classes : label,
      }));
    leastSquares(kept, inputs, classes).forEach((row, c) => {
      row.forEach((w, i) => {
        expect(readout.weights[c * readout.stride + i]).toBeCloseTo(w, 10);
      });
    });
  });

  it('reads consecutive parts, and inverts bright ones when polarity says so', () => {
    const parts = [
      { inputs: 4, signed: true },
      { inputs: 3, signed: false },
    ];
    const both = new LinearReadout(parts, 1);
    const one = new LinearReadout([{ inputs: 5, signed: false }], 1, true);
    both.teach(Uint8Array.of(9, 0, 0, 4, 1, 2, 3), 0, 1);
    // 9, -4, 1, 2, 3 has the same squares as 9, 4, 1, 2, 3.
    one.teach(
      Uint8Array.of(9, 4, 1, 2, 3).map((value) => 255 - value),
      0,
      1,
    );
    expect([...both.weights].map(Math.abs)).toEqual([...one.weights].map(Math.abs));
    expect(both.weights[1]).toBeLessThan(0);
  });

  it(
    'equals least squares after a million labels, with P symmetric and no wider than at first',
    { timeout: 120_000 },
    () => {
      const random = new Random(8);
      const [inputs, classes, kinds] = [12, 4, 40];
      const samples = Array.from({ length: kinds }, (_, k) => ({
        sample: sampleOf(random, inputs),
        label: k % classes,
      }));
      const readout = new LinearReadout([{ inputs, signed: false }], classes);
      const rounds = 1_000_000 / kinds;
      for (let round = 0; round < rounds; round++) {
        for (const { sample, label } of samples) readout.teach(sample, label, classes);
      }
      // Repeating every sample `rounds` times equals one of each with the ridge divided by `rounds`.
      const kept = samples.map(({ sample, label }) => ({ x: numbersOf(sample, false), label }));
      const exact = leastSquares(kept, inputs, classes, 0.3 / rounds);
      exact.forEach((row, c) => {
        row.forEach((w, i) => {
          expect(Math.abs(readout.weights[c * readout.stride + i] - w)).toBeLessThan(1e-6);
        });
      });
      const P = matrixOf(readout);
      P.forEach((row, i) => {
        expect(row[i]).toBeGreaterThan(0);
        expect(row[i]).toBeLessThanOrEqual(1 / 0.3);
        row.forEach((p, j) => {
          expect(p).toBe(P[j][i]);
        });
      });
    },
  );

  it('takes back nothing that P does not contain', () => {
    const readout = new LinearReadout([{ inputs: 4, signed: false }], 1);
    expect(readout.takeBack(Uint8Array.of(1, 2, 3, 4), 0, 1)).toBe(false);
    expect(readout.weights.every((w) => w === 0)).toBe(true);
  });

  it('refuses more numbers than it has room for', () => {
    expect(() => new LinearReadout([{ inputs: 4097, signed: false }], 2)).toThrow(/4097, expected .*4096/);
  });
});
