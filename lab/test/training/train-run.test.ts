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

/** Everything but the times. */
const figures = (change: Partial<TrainOptions> = {}) => {
  const figures: Partial<TrainResult> = { ...run(change).result };
  delete (figures as { microsecondsPerSample?: unknown }).microsecondsPerSample;
  return figures;
};

describe('a training run', () => {
  it('learns, and says what it cost', () => {
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

  it('learns only what is novel where asked to, once labels have told that the world stays as it is', () => {
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

  it('names nothing without labels', () => {
    expect(run({ labels: 0 }).result.accuracy).toBe(0);
  });

  it('is given the first labels of each class alone where so many are asked for', () => {
    const all = run({ labelsFirst: 2000 }).result;
    expect(all.weightsHash).toBe(run().result.weightsHash);
    expect(all.accuracy).toBe(run().result.accuracy);
    // No label, and some of each class, which show its bars at all places: the same samples in the same order.
    expect(run({ labelsFirst: 0 }).result.accuracy).toBe(0);
    const few = run({ labelsFirst: 20 }).result;
    expect(few.accuracy).toBeGreaterThan(0.8);
    expect(few.weightsHash).not.toBe(all.weightsHash);
  });

  it('tests all there is when more is asked for', () => {
    expect(run({ testSamples: 1e6, samples: 10 }).result.testSamples).toBe(100);
  });

  it('hears of every sample', () => {
    let done = 0;
    trainRun(dataset, options, (samples) => {
      done += samples;
    });
    expect(done).toBe(2100);
  });

  it('leaves a network behind that another classifier can take over', () => {
    const { classifier, result } = run();
    const other = new OnlineClassifier({ neurons: 20, classes: 2, rows: 16, columns: 8, polarity: false });
    other.restore(classifier.snapshot());
    expect(other.hash()).toBe(result.weightsHash);
  });

  it('takes a flat image for silence', () => {
    const flat = {
      ...dataset,
      train: { ...dataset.train, images: new Uint8Array(dataset.train.images.length).fill(90) },
    };
    expect(trainRun(flat, { ...options, samples: 50 }, nothing).result.neuronsUsed).toBe(0);
  });

  describe('with spikes in time', () => {
    const timed = { policy: 'rate', rule: 'pair', encoding: 'regular', labelSamples: 200 } as const;

    it('names the frozen neurons, and says what each readout makes of them', () => {
      const { result } = run({ timed });
      expect(result.accuracy).toBeGreaterThan(0.95);
      expect(result).toMatchObject({ policy: 'rate', rule: 'pair', encoding: 'regular', labelSamples: 200 });
      // The kernel's own votes are those of the proportions.
      expect(result.readouts?.proportion).toBe(result.accuracy);
      expect(result.readouts?.all).toBeGreaterThan(0.9);
      expect(result.readouts?.bayes).toBeGreaterThan(0.9);
      expect(result.operations.infer.neuronUpdates).toBe(20 * 35);
      expect(result.prequential).toHaveLength(2);
    });

    it('answers by the labels that it heard while it learned, where there is no such pass', () => {
      const { result } = run({ timed: { ...timed, labelSamples: 0 } });
      expect(result.accuracy).toBeGreaterThan(0.95);
      expect(result).not.toHaveProperty('readouts');
    });

    it('needs no label while it learns', () => {
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
