import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import type { Presentation } from '../../src/snn/presentation.js';
import { hilbertScan } from '../../src/snn/lean/hilbert-scan.js';
import { spikeEncodings, spikeRules, type SpikeEncoding, type SpikeRule } from '../../src/snn/timed/timed-baseline.js';
import { TimedNetwork } from '../../src/snn/timed/timed-network.js';
import {
  timedBaseline,
  timedExponents,
  timedParameters,
  type TimedPolicyName,
} from '../../src/timestep/policy/timed-policy.js';
import { PlainTimedNetwork, type PlainTimedResult } from '../reference/plain-timed-network.js';
import { plainStream } from '../reference/plain-random.js';
import { logarithm, perIntensity, plainPhases, plainSpikes } from '../reference/plain-spikes.js';
import { digits, extremes, prototypes } from '../reference/sources.js';

const anyClass = (_: number, random: Random): number => random.below(1 << 20);

const networks = (
  size: { readonly neurons: number; readonly rows: number; readonly columns: number },
  rule: SpikeRule,
  encoding: SpikeEncoding,
  seed = 1,
) => {
  const shape = { ...size, classes: 5, polarity: false };
  // With fewer neurons each is affected more rarely: stronger learning lets weights reach both of their bounds.
  const baseline = {
    ...timedBaseline(shape, rule, encoding),
    ratePost: 0.05,
    ratePre: 0.02,
    spikesPerFactor: 2,
    weightKeep: 0.9,
  };
  return { kernel: new TimedNetwork(shape, baseline, seed), plain: new PlainTimedNetwork(shape, baseline, seed) };
};

/** Weights of the kernel by neuron, inputs in scan order. */
const columnsOf = ({ state, shape, inputs }: TimedNetwork): number[][] =>
  Array.from({ length: shape.neurons }, (_, j) =>
    Array.from({ length: inputs }, (_, i) => state.weights[(i * state.weights.length) / inputs + j]),
  );

const resultOf = (result: Presentation): Record<string, unknown> => ({
  fired: [...result.fired.subarray(0, result.firedCount)].map((j, k) => [j, result.firedSpikes[k]]),
  nearest: result.nearestCount > 0 ? result.nearest[0] : undefined,
  timestepsRun: result.timestepsRun,
  learned: result.learned,
  silent: result.silent,
  operations: { ...result.operations },
});

const plainResultOf = (result: PlainTimedResult): Record<string, unknown> => {
  const { timestepsRun, learned, silent, operations, nearest } = result;
  return { fired: [...result.fired], nearest, timestepsRun, learned, silent, operations };
};

const never = (): boolean => false;
const sizes = [
  { neurons: 13, rows: 1, columns: 37, source: prototypes(37, 6, anyClass) },
  { neurons: 38, rows: 5, columns: 9, source: extremes(45) },
  { neurons: 70, rows: 28, columns: 28, source: digits() },
] as const;
const policies: readonly TimedPolicyName[] = ['none', 'paper', 'rate'];
const kinds = spikeEncodings.flatMap((encoding) => spikeRules.map((rule) => ({ encoding, rule })));

describe('spikes in time', () => {
  it.each(spikeEncodings)('reports which inputs spiked in which step: %s', (encoding) => {
    const { kernel, plain } = networks(sizes[1], 'pair', encoding);
    const { rows, columns } = sizes[1];
    const { pixels } = sizes[1].source(2, new Random(7));
    const scan = hilbertScan(rows, columns);
    for (const timesteps of [350, 1, 1000, 50]) {
      const parameters = timedParameters(timedExponents.rate, timesteps, 0);
      kernel.input.set(pixels);
      kernel.begin(parameters, false, 9);
      const { before, inputs } = kernel.inputSpikes(timesteps);
      kernel.end();
      const active = [...scan].flatMap((input, rank) => (pixels[input] > 0 ? [{ rank, x: pixels[input] }] : []));
      const total = active.reduce((sum, { x }) => sum + x, 0);
      const random = { draw: plainStream(1, 9), phases: plainPhases(1) };
      const schedule = { steps: timesteps, perIntensity: perIntensity(parameters.density, total), ...random };
      const expected = plainSpikes(active, plain.c.encoding, schedule);
      const found = expected.map((_, t) => [...inputs.subarray(before[t], before[t + 1])]);
      expect(found).toEqual(expected.map((spiked) => spiked.map((k) => scan[active[k].rank])));
      expect(inputs.length > 0).toBe(encoding !== 'direct');
    }
  });

  it.each(kinds)('equal the plain reference bit for bit: $encoding, $rule', async ({ encoding, rule }) => {
    const record = createHash('sha256');
    let fired = 0;
    for (const { source, ...size } of sizes) {
      const { kernel, plain } = networks(size, rule, encoding);
      const random = new Random(7);
      const samples = size.rows === 28 ? 14 : 60;
      for (let k = 0; k < samples; k++) {
        const { pixels } = source(k, random);
        const timesteps = [16, 35, 350, 1, 7, 100, 1000, 50][k % 8];
        const learn = k % 5 !== 4;
        const parameters = timedParameters(timedExponents[policies[k % 3]], timesteps, 0);
        kernel.input.set(pixels);
        const result = resultOf(kernel.present(parameters, learn, k));
        const expected = plain.present(pixels, parameters, { learn, sample: k, exit: never });
        expect(result, `sample ${k} at T = ${timesteps}`).toEqual(plainResultOf(expected));
        fired += expected.spikes.length;
        record.update(JSON.stringify(result));
      }
      expect(columnsOf(kernel)).toEqual(plain.columns);
      expect([...kernel.state.theta]).toEqual(plain.theta);
      record.update(kernel.hash());
    }
    expect(fired).toBeGreaterThan(50);
    const file = `../golden/in-time-${encoding}-${rule}.json`;
    await expect(`${JSON.stringify({ told: record.digest('hex') })}\n`).toMatchFileSnapshot(file);
  });

  it('are the same for the same seed and sample number, and differ for others', () => {
    const { kernel } = networks(sizes[2], 'pair', 'poisson');
    const parameters = timedParameters(timedExponents.none, 100, 0);
    kernel.input.set(digits()(3, new Random(1)).pixels);
    const spikesOf = (sample: number): number => kernel.present(parameters, false, sample).operations.inputSpikes;
    const counts = [0, 1, 2, 3, 4, 5].map(spikesOf);
    expect(counts).toEqual([0, 1, 2, 3, 4, 5].map(spikesOf));
    expect(new Set(counts).size).toBeGreaterThan(2);
    const other = networks(sizes[2], 'pair', 'poisson', 2).kernel;
    other.input.set(kernel.input);
    expect([0, 1, 2, 3, 4, 5].map((k) => other.present(parameters, false, k).operations.inputSpikes)).not.toEqual(
      counts,
    );
  });

  it.each(['poisson', 'regular'] as const)(
    'present 12.8 spikes per step to 1 %%, from 8 to 16384 inputs: %s',
    (encoding) => {
      const parameters = timedParameters(timedExponents.none, 1000, 0);
      const random = new Random(2);
      for (const columns of [8, 9, 37, 784, 4097, 16384]) {
        const { kernel } = networks({ neurons: 10, rows: 1, columns }, 'pair', encoding);
        for (const intensity of [(): number => 1, (): number => 255, (): number => 1 + random.below(255)]) {
          kernel.input.forEach((_, i) => (kernel.input[i] = intensity()));
          const total = kernel.input.reduce((a, b) => a + b, 0);
          // Few inputs cannot carry that many: each spikes at most once a step.
          const expected = kernel.input.reduce((sum, x) => sum + Math.min(1, (12.8 * x) / total), 0);
          let spikes = 0;
          for (let k = 0; k < 20; k++) spikes += kernel.present(parameters, false, k).operations.inputSpikes;
          expect(Math.abs(spikes / 20_000 / expected - 1), `${columns} inputs`).toBeLessThan(0.01);
        }
      }
    },
  );

  it('of Poisson input are equally likely in every step, alone and after each other', () => {
    for (const p of [0.01, 0.2, 0.3, 0.9]) {
      const [steps, samples] = [12, 20_000];
      const hits = Array<number>(steps).fill(0);
      let pairs = 0;
      for (let k = 0; k < samples; k++) {
        const schedule = { steps, perIntensity: Math.fround(p), draw: plainStream(3, k), phases: () => 0 };
        const spikes = plainSpikes([{ rank: 5, x: 1 }], 'poisson', schedule).map((step) => step.length);
        spikes.forEach((hit, t) => (hits[t] += hit));
        for (let t = 1; t < steps; t++) pairs += spikes[t - 1] * spikes[t];
      }
      // Four standard deviations of a share, and of a share of pairs with a common step.
      const close = (share: number, expected: number, count: number): void => {
        expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 + 2 * p)) / count));
      };
      hits.forEach((hit) => {
        close(hit / samples, p, samples);
      });
      close(pairs / samples / (steps - 1), p * p, samples * (steps - 1));
    }
  });

  it('use logarithms accurate to 3 parts in ten million', () => {
    const values = Array.from({ length: 5000 }, (_, k) => Math.fround(Math.exp(-k / 310)) * (1 - 2 ** -24));
    const worst = Math.max(...values.map(Math.fround).map((u) => Math.abs(logarithm(u) / Math.log(u) - 1)));
    expect(worst).toBeLessThan(3e-7);
  });

  it('never come from a resting neuron', () => {
    const { plain } = networks(sizes[0], 'pair', 'regular');
    const random = new Random(3);
    const last = new Map<number, number>();
    let checked = 0;
    for (let k = 0; k < 40; k++) {
      last.clear();
      const parameters = timedParameters(timedExponents.rate, 350, 0);
      const { pixels } = sizes[0].source(k, random);
      for (const [t, w] of plain.present(pixels, parameters, { learn: true, sample: k, exit: never }).spikes) {
        const before = last.get(w);
        if (before !== undefined) {
          expect(t - before).toBeGreaterThan(parameters.refractory);
          checked++;
        }
        last.set(w, t);
      }
    }
    expect(checked).toBeGreaterThan(50);
  });

  it('end a decision when the lead is large enough, and otherwise at the same step as without an exit', () => {
    const { kernel } = networks(sizes[2], 'pair', 'regular');
    const classes = Array.from({ length: 5 }, () => kernel.openClass()).length;
    const shares = new Float32Array(kernel.shape.neurons * classes);
    for (let j = 0; j < kernel.shape.neurons; j++) shares[j * classes + (j % classes)] = 1;
    kernel.assign(shares, classes);
    kernel.input.set(digits()(3, new Random(1)).pixels);
    const whole = kernel.present(timedParameters(timedExponents.none, 350, 0), false, 0);
    expect(whole.timestepsRun).toBe(350);
    expect(whole.operations.outputSpikes).toBeGreaterThan(2);
    const early = kernel.present(timedParameters(timedExponents.none, 350, 0.9), false, 0);
    expect(early.timestepsRun).toBeLessThan(350);
    expect(early.operations).toMatchObject({ outputSpikes: 1, neuronUpdates: early.timestepsRun * 70 });
    expect(early.lead).toBeCloseTo(1000 / 1003, 5);
  });

  const lives = fc.record({
    neurons: fc.integer({ min: 10, max: 23 }),
    columns: fc.integer({ min: 8, max: 50 }),
    timesteps: fc.integer({ min: 1, max: 1000 }),
    seed: fc.nat(),
    kind: fc.constantFrom(...kinds),
    policy: fc.constantFrom(...policies),
  });

  it('keep weights in 0..1 and sums of columns at S, or below after weights were cut at 1', () => {
    fc.assert(
      fc.property(lives, ({ neurons, columns, timesteps, seed, kind, policy }) => {
        const { kernel } = networks({ neurons, rows: 1, columns }, kind.rule, kind.encoding, seed);
        const source = prototypes(columns, 4, anyClass);
        const random = new Random(seed);
        const parameters = timedParameters(timedExponents[policy], timesteps, 0);
        for (let k = 0; k < 8; k++) {
          kernel.input.set(source(k, random).pixels);
          kernel.present(parameters, true, k);
        }
        for (const column of columnsOf(kernel)) {
          expect(column.every((w) => w >= 0 && w <= 1)).toBe(true);
          const sum = column.reduce((a, b) => a + b, 0);
          expect(sum).toBeLessThan(0.1 * columns * 1.0001);
          if (!column.includes(1)) expect(sum).toBeGreaterThan(0.1 * columns * 0.9999);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('change nothing for an empty sample, nor with learning off', () => {
    fc.assert(
      fc.property(lives, ({ neurons, columns, timesteps, seed, kind, policy }) => {
        const { kernel } = networks({ neurons, rows: 1, columns }, kind.rule, kind.encoding, seed);
        const parameters = timedParameters(timedExponents[policy], timesteps, 0);
        const before = kernel.hash();
        const empty = kernel.present(parameters, true, 0);
        expect(empty).toMatchObject({ silent: true, learned: false, firedCount: 0, timestepsRun: 0, answer: -1 });
        expect(Object.values(empty.operations)).toEqual(Array(9).fill(0));
        kernel.input.set(prototypes(columns, 4, anyClass)(0, new Random(seed)).pixels);
        kernel.present(parameters, false, 1);
        expect(kernel.hash()).toBe(before);
        expect(kernel.state.clock[0]).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('start over after a reset', () => {
    const { kernel } = networks(sizes[0], 'pair', 'poisson');
    const before = kernel.hash();
    kernel.input.set(prototypes(37, 1, () => 0)(0, new Random(1)).pixels);
    kernel.present(timedParameters(timedExponents.none, 350, 0), true, 0);
    expect(kernel.hash()).not.toBe(before);
    kernel.clear();
    expect(kernel.hash()).toBe(before);
  });

  it.each([0, 1001, 2.5, 1e9, NaN])('refuse T = %d', (timesteps) => {
    expect(() => timedParameters(timedExponents.rate, timesteps, 0)).toThrow(
      `operating point: timesteps is ${timesteps}, expected an integer in 1..1000`,
    );
  });
});
