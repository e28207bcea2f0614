import { describe, expect, it } from 'vitest';
import { OnlineClassifier } from '../../../src/classifier/online-classifier.js';
import type { TrainOptions } from '../../src/training/train-options.js';
import type { TrainResult } from '../../src/training/train-result.js';
import { trainRun } from '../../src/training/train-run.js';
import { bars } from './bars.js';

const dataset = bars(300, 100);
const options: TrainOptions = {
  neurons: 20,
  point: { timesteps: 35, events: 200, keep: 10, exitFirst: 0, exit: 0 },
  samples: 2000,
  testSamples: 100,
  labels: 1,
  image: 'contrast',
  seed: 1,
};
const nothing = (): void => undefined;
const run = (change: Partial<TrainOptions> = {}) => trainRun(dataset, { ...options, ...change }, nothing);

/** All results except times. */
const figures = (change: Partial<TrainOptions> = {}) => {
  const figures: Partial<TrainResult> = { ...run(change).result };
  delete (figures as { microsecondsPerSample?: unknown }).microsecondsPerSample;
  return figures;
};

describe('trainRun', () => {
  it('learns, and reports operations, energy and time', () => {
    const { result } = run();
    expect(result.accuracy).toBeGreaterThan(0.95);
    expect(result.accuracyLow).toBeLessThan(result.accuracy);
    expect(result.prequential).toHaveLength(2);
    expect(result.prequential[1]).toBeGreaterThan(0.95);
    expect(result).toMatchObject({ samples: 2000, testSamples: 100, neurons: 20, timesteps: 35, policy: 'lean' });
    expect(result.operations.train.inputSpikes).toBe(200);
    expect(result.operations.infer.plasticityUpdates).toBe(0);
    expect(result.energyPerSample.train).toBeGreaterThan(result.energyPerSample.infer * 0.5);
    expect(result.microsecondsPerSample.train).toBeGreaterThan(0);
  });

  it('gives the same figures and weights for the same seed, others for another', () => {
    expect(figures()).toEqual(figures());
    expect(figures({ seed: 2 }).weightsHash).not.toBe(figures().weightsHash);
  });

  it('learns only novel samples if asked, once labels have confirmed that the world is stable', () => {
    const { result } = run({ learn: 'novel' });
    const all = run().result;
    expect(result.familiar).toBeGreaterThan(0.1);
    expect(result.familiar).toBeLessThan(0.75);
    expect(result.accuracy).toBeGreaterThan(0.95);
    expect(result.operations.train.plasticityUpdates).toBeLessThan(all.operations.train.plasticityUpdates);
    expect(result.energyPerSample.train).toBeLessThan(all.energyPerSample.train);
    expect(all).not.toHaveProperty('familiar');
    const unnamed = run({ learn: 'novel', labels: 0 }).result;
    expect(unnamed).toMatchObject({ familiar: 0, weightsHash: run({ labels: 0 }).result.weightsHash });
  });

  it('answers no class without labels', () => {
    expect(run({ labels: 0 }).result.accuracy).toBe(0);
  });

  it('uses only the first labels of each class if labelsFirst is set', () => {
    const all = run({ labelsFirst: 2000 }).result;
    expect(all.weightsHash).toBe(run().result.weightsHash);
    expect(all.accuracy).toBe(run().result.accuracy);
    // No label, then a few of each class, which show its bars at all positions. Samples and order are the same.
    expect(run({ labelsFirst: 0 }).result.accuracy).toBe(0);
    const few = run({ labelsFirst: 20 }).result;
    expect(few.accuracy).toBeGreaterThan(0.8);
    expect(few.weightsHash).not.toBe(all.weightsHash);
  });

  it('tests all test samples if more are requested', () => {
    expect(run({ testSamples: 1e6, samples: 10 }).result.testSamples).toBe(100);
  });

  it('reports progress for every sample', () => {
    let done = 0;
    trainRun(dataset, options, (samples) => {
      done += samples;
    });
    expect(done).toBe(2100);
  });

  it('returns a network that another classifier can restore', () => {
    const { classifier, result } = run();
    const other = new OnlineClassifier({ neurons: 20, classes: 2, rows: 16, columns: 8, polarity: false });
    other.restore(classifier.snapshot());
    expect(other.hash()).toBe(result.weightsHash);
  });

  it('treats a flat image as silence', () => {
    const flat = {
      ...dataset,
      train: { ...dataset.train, images: new Uint8Array(dataset.train.images.length).fill(90) },
    };
    expect(trainRun(flat, { ...options, samples: 50 }, nothing).result.neuronsUsed).toBe(0);
  });

  describe('with spikes in time', () => {
    const timed = { policy: 'rate', rule: 'pair', encoding: 'regular', labelSamples: 200 } as const;

    it('labels the frozen neurons, and reports the accuracy of each readout', () => {
      const { result } = run({ timed });
      expect(result.accuracy).toBeGreaterThan(0.95);
      expect(result).toMatchObject({ policy: 'rate', rule: 'pair', encoding: 'regular', labelSamples: 200 });
      // The kernel votes by proportion.
      expect(result.readouts?.proportion).toBe(result.accuracy);
      expect(result.readouts?.all).toBeGreaterThan(0.9);
      expect(result.readouts?.bayes).toBeGreaterThan(0.9);
      expect(result.operations.infer.neuronUpdates).toBe(20 * 35);
      expect(result.prequential).toHaveLength(2);
    });

    it('decides by the labels heard while learning if there is no labelling pass', () => {
      const { result } = run({ timed: { ...timed, labelSamples: 0 } });
      expect(result.accuracy).toBeGreaterThan(0.95);
      expect(result).not.toHaveProperty('readouts');
    });

    it('needs no labels while learning', () => {
      const { result } = run({ timed, labels: 0 });
      expect(result.accuracy).toBeGreaterThan(0.95);
      expect(result.prequential).toEqual([0, 0]);
    });

    it('gives the same figures and weights for the same seed, others for another', () => {
      expect(figures({ timed })).toEqual(figures({ timed }));
      expect(figures({ timed, seed: 2 }).weightsHash).not.toBe(figures({ timed }).weightsHash);
    });
  });
});
