import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/slices.js';
import type { MergedNeuron } from '../../src/fleet/assembly.js';
import { compete, sampleOf, type Competition, type Competitor } from '../../src/fleet/compete.js';
import { leanPresenter } from '../../src/classifier/network-binding.js';
import { hilbertScan } from '../../src/snn/lean/hilbert-scan.js';
import { leanBaseline, leanPoint } from '../../src/timestep/policy/lean-policy.js';

const [rows, columns, neurons] = [8, 8, 12];
const shape = { neurons, rows, columns };
const inputs = rows * columns;
const network = {
  ...{ ...shape, inputs, inputStride: inputs, classStride: 4, touched: neurons },
  ...{ polarity: false, capacity: 4, names: ['a', 'b'] },
};

/** Weights of a neuron that reads five inputs of its own, and how many more. */
function weightsOf(kind: number, more = 0): Float32Array {
  const from = 5 * kind;
  const weights = Float32Array.from({ length: inputs }, (_, i) => Number(i >= from && i < from + 5 + more));
  return weights.map((each) => each / (5 + more));
}

function competitor(weights: Float32Array, label: number): Competitor {
  const counts = { theta: 20, spikes: 9, labelled: 2, expected: 3 };
  const knows = [{ label, evidence: 4, message: 1 }];
  const chunk = { kind: 'neuron', weights, ...counts, knows } as const;
  return { chunk, worth: 9, knows: new Map([[label, { evidence: 4, message: 1 }]]) };
}

function merged(weights: Float32Array): MergedNeuron {
  const counts = { theta: 20, spikes: 9, labelled: 2, expected: 3 };
  return { weights, ...counts, evidence: new Map([[0, 4]]), message: new Map([[0, 1]]) };
}

function competition(before: readonly MergedNeuron[], shared: readonly Competitor[]): Competition {
  const found = atOnce(compete(before, shared, network));
  if (found === undefined) throw new Error('no competition');
  return found;
}

describe('compete', () => {
  const kinds = Array.from({ length: neurons }, (_, kind) => kind);
  const before = kinds.map((kind) => merged(weightsOf(kind)));
  const shared = kinds.map((kind) => competitor(weightsOf(kind), 0));

  it('gives a neuron at a border the evidence of both classes, whoever its members were', () => {
    const stranger = competitor(weightsOf(3, 1), 1);
    const { merged: after, places } = competition(before, [...shared, stranger]);
    expect([...places]).toEqual([...kinds, 3]);
    expect([...after[3].evidence]).toEqual([
      [0, 4],
      [1, 4],
    ]);
    expect(after[3].spikes).toBe(18);
    expect(after[3].message.get(1)).toBeCloseTo(0.5, 6);
    expect([...after[4].evidence.keys()]).toEqual([0]);
  });

  it('adds and loses no evidence, spikes or labelled spikes', () => {
    const many = [...shared, ...kinds.flatMap((kind) => (kind > 9 ? [] : [competitor(weightsOf(kind, 4), 1)]))];
    const { merged: after } = competition(before, many);
    const sum = (of: (neuron: MergedNeuron) => number): number => after.reduce((all, each) => all + of(each), 0);
    const evidence = sum(({ evidence }) => [...evidence.values()].reduce((all, each) => all + each, 0));
    expect(evidence).toBeCloseTo(4 * many.length, 6);
    expect(sum(({ labelled }) => labelled)).toBeCloseTo(2 * many.length, 6);
    expect(Math.abs(sum(({ spikes }) => spikes) - 9 * many.length)).toBeLessThan(neurons);
    for (const { weights } of after) expect(weights.reduce((all, each) => all + each, 0)).toBeCloseTo(1, 5);
  });

  it('moves a neuron to the samples that it wins, and its threshold to balance', () => {
    const wide = competitor(weightsOf(3, 4), 0);
    const { merged: after } = competition(before, [...shared, ...Array.from({ length: 20 }, () => wide)]);
    expect(after[3].weights[5 * 3 + 7]).toBeGreaterThan(before[3].weights[5 * 3 + 7]);
    expect(after[3].theta).toBeGreaterThan(before[3].theta);
    expect(after[3].theta).toBeGreaterThan(after[5].theta);
  });

  it('leaves fewer neurons than a network can have as they are', () => {
    expect(atOnce(compete(before.slice(0, 9), shared, network))).toBeUndefined();
  });
});

describe('sampleOf', () => {
  it('finds the sample that a neuron was imprinted with, but for its brightness', () => {
    const binding = leanPresenter({ ...shape, classes: 2, polarity: false });
    const { network: own } = binding;
    const sample = Uint8Array.from({ length: inputs }, (_, i) => (i % 7 === 0 ? 0 : (i * 37) % 200));
    binding.begin(sample, leanPoint(neurons), true, 0);
    own.end();
    const scan = hilbertScan(rows, columns);
    const weights = own.weightsOf(0);
    const sum = weights.reduce((all, each) => all + each, 0);
    const found = sampleOf(
      Float32Array.from(scan, (input) => weights[input] / sum),
      100 * leanBaseline(shape).traceHalf,
      scan,
    );
    const top = Math.max(...sample);
    found.forEach((each, i) => {
      expect(Math.abs(each - (255 * sample[i]) / top)).toBeLessThanOrEqual(1);
    });
  });
});
