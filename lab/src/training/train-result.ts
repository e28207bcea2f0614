import { wilson } from 'topspark/accuracy/wilson.js';
import { costTable, frontEndJoules, joules, unscaledEnergy } from 'topspark/energy/energy-account.js';
import type { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { SpikeEncoding, SpikeRule } from 'topspark/snn/timed/timed-baseline.js';
import type { AllCounts, Meter } from './meter.js';
import { neuroBenchMetrics, type NeuroBenchMetrics } from './neuro-bench.js';
import type { RecordingAccuracy } from './recording-tally.js';
import type { TrainOptions } from './train-options.js';

/** Accuracy of the frozen network by each readout of the literature, 0..1. */
export interface ReadoutAccuracies {
  readonly all: number;
  readonly proportion: number;
  readonly bayes: number;
}

/** Accuracy of the votes, class neurons included, and of the linear readout alone, 0..1. */
export interface StageAccuracies {
  readonly votes: number;
  readonly linear: number;
}

/** Results of a run. Accuracies are shares 0..1; energies [J] are per sample, by counted operations. */
export interface TrainResult {
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  /** Mean recall over the classes. */
  readonly recall: number;
  /** Where samples are windows of recordings: accuracy over recordings, each decided by its windows' votes. */
  readonly recordings?: RecordingAccuracy;
  readonly samples: number;
  readonly testSamples: number;
  readonly neurons: number;
  readonly neuronsUsed: number;
  readonly timesteps: number;
  readonly seed: number;
  /** `lean`, `none`, `paper`, `rate`, or the name of the user's policy. */
  readonly policy: string;
  readonly rule: SpikeRule;
  readonly encoding: 'systematic' | SpikeEncoding;
  /** Training samples whose labels named the neurons of the frozen network; absent: named while learning. */
  readonly labelSamples?: number;
  /**
   * With such a pass: accuracy of each readout; `accuracy` is the one by proportion. With a linear readout: accuracy of
   * the readout and of the votes; `accuracy` is that of the answers given, which combine both.
   */
  readonly readouts?: Partial<ReadoutAccuracies & StageAccuracies>;
  /** CPU time of a presentation [µs]. */
  readonly microsecondsPerSample: { readonly train: number; readonly infer: number };
  readonly operations: { readonly train: AllCounts; readonly infer: AllCounts };
  /** Front end and network together. */
  readonly energyPerSample: { readonly train: number; readonly infer: number };
  /** The part of it that the front end takes. */
  readonly frontEndEnergy: { readonly train: number; readonly infer: number };
  /** Energy of the unscaled network at T = 350, behind the same front end, divided by the energy of this run. */
  readonly energyRatio: { readonly train: number; readonly infer: number };
  /** Metrics of deciding the test samples. */
  readonly neuroBench: NeuroBenchMetrics;
  /** Where only novel samples were learned: share of the training samples that were not novel. */
  readonly familiar?: number;
  /** Accuracy against the truth in windows of 1000 training samples; each is answered before its label. */
  readonly prequential: readonly number[];
  readonly weightsHash: string;
}

/** Measurements of a run. */
export interface TrainMeters {
  readonly train: Meter;
  readonly test: Meter;
  readonly readouts: ReadoutAccuracies | StageAccuracies | undefined;
  readonly recall: number;
  readonly recordings?: RecordingAccuracy;
}

/** Computes the results of a run. */
export function summarise(options: TrainOptions, classifier: OnlineClassifier, meters: TrainMeters): TrainResult {
  const { train, test, readouts, recall, recordings } = meters;
  const { timed } = options;
  const table = costTable(timed !== undefined);
  const unscaled = unscaledEnergy(options.neurons, table);
  const operations = { train: train.operationsPerSample(), infer: test.operationsPerSample() };
  const energyPerSample = { train: joules(operations.train, table), infer: joules(operations.infer, table) };
  const frontEndEnergy = {
    train: frontEndJoules(operations.train, table),
    infer: frontEndJoules(operations.infer, table),
  };
  const ratio = (part: 'train' | 'infer'): number => (unscaled + frontEndEnergy[part]) / energyPerSample[part];
  const bounds = wilson(test.right, test.samples);
  return {
    accuracy: test.right / test.samples,
    accuracyLow: bounds.low,
    accuracyHigh: bounds.high,
    recall,
    ...(recordings && { recordings }),
    samples: options.samples,
    testSamples: test.samples,
    neurons: options.neurons,
    neuronsUsed: classifier.neuronsUsed,
    timesteps: options.point.timesteps,
    seed: options.seed,
    policy: timed?.own?.name ?? timed?.policy ?? 'lean',
    rule: timed?.rule ?? 'expected',
    encoding: timed?.encoding ?? 'systematic',
    ...(timed && readouts && { labelSamples: timed.labelSamples }),
    ...(readouts && { readouts }),
    microsecondsPerSample: { train: train.microsecondsPerSample(), infer: test.microsecondsPerSample() },
    operations,
    energyPerSample,
    frontEndEnergy,
    energyRatio: { train: ratio('train'), infer: ratio('infer') },
    neuroBench: neuroBenchMetrics(classifier, operations.infer, {
      neurons: options.neurons,
      timesteps: options.point.timesteps,
      inTime: timed !== undefined,
    }),
    ...(options.learn && { familiar: train.familiar / train.samples }),
    prequential: train.windows,
    weightsHash: classifier.hash(),
  };
}
