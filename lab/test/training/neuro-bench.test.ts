import { expect, it } from 'vitest';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { Meter } from '../../src/training/meter.js';
import { neuroBenchMetrics } from '../../src/training/neuro-bench.js';

const [neurons, inputs, classes] = [12, 16, 4];
const point = leanPoint(neurons);

/** The rows of a 4 × 4 picture in turn, so that every formed neuron has inputs of weight 0. */
function line(k: number): Uint8Array {
  const picture = new Uint8Array(inputs);
  picture.fill(255, 4 * (k % 4), 4 * (k % 4) + 4);
  return picture;
}

function learned(): { classifier: OnlineClassifier; counts: ReturnType<Meter['operationsPerSample']> } {
  const classifier = new OnlineClassifier({ neurons, rows: 4, columns: 4, classes, polarity: false, memory: 8 });
  for (let k = 0; k < 40; k++) {
    classifier.decide(line(k), BigInt(k), point, true);
    classifier.label(BigInt(k), String(k % 4));
  }
  const meter = new Meter(4);
  for (let k = 40; k < 44; k++) meter.add(classifier.decide(line(k), BigInt(k), point, false), true);
  return { classifier, counts: meter.operationsPerSample() };
}

it('computes the metrics of NeuroBench from the operation counts', () => {
  const { classifier, counts } = learned();
  const formed = Array.from({ length: classifier.neuronsUsed }, (_, j) => classifier.view.neuron(j).weights);
  const zeros = formed.flatMap((weights) => [...weights]).filter((weight) => weight === 0).length;
  const told = neuroBenchMetrics(classifier, counts, { neurons, timesteps: point.timesteps, inTime: false });
  expect(zeros).toBeGreaterThan(0);
  expect(told).toMatchObject({
    connectionSparsity: zeros / (formed.length * inputs),
    activationSparsity: 1 - counts.outputSpikes / (neurons * point.timesteps),
    synapticOperations: {
      effectiveMACs: counts.labelUpdates,
      effectiveACs: counts.synapticEvents,
      dense: neurons * inputs,
    },
  });
  expect(told.activationSparsity).toBeGreaterThan(0.9);
  // Weights of the neurons and of the class neurons.
  expect(told.footprint).toBeGreaterThan(4 * inputs * (neurons + classes));
});

it('excludes samples kept for late labels from the footprint', () => {
  const { classifier, counts } = learned();
  const whole = Object.values(classifier.snapshot().tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
  const { footprint } = neuroBenchMetrics(classifier, counts, { neurons, timesteps: 35, inTime: false });
  expect(whole - footprint).toBeGreaterThan(8 * inputs);
});

it('counts the dense operations of spikes in time in every step', () => {
  const timed = { policy: 'none', encoding: 'regular', seed: 1 } as const;
  const classifier = new OnlineClassifier({ neurons, rows: 4, columns: 4, classes, polarity: false, timed });
  const meter = new Meter(1);
  meter.add(classifier.decide(line(0), 0n, leanPoint(neurons, { timesteps: 50 }), false), true);
  const network = { neurons, timesteps: 50, inTime: true };
  const told = neuroBenchMetrics(classifier, meter.operationsPerSample(), network);
  expect(told.synapticOperations.dense).toBe(neurons * inputs * 50);
});
