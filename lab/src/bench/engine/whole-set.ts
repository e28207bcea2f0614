import type { Dataset } from '../../datasets/dataset.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import { imageSamples, type Samples } from './samples.js';
import { leanBenchPoint } from './subject.js';

/** One pass through a whole data set with all labels, lean, N = 400. CPU time [s], without reading the files. */
export interface WholeSet {
  readonly learned: number;
  readonly learnSeconds: number;
  readonly decided: number;
  readonly decideSeconds: number;
  /** Accuracy of the decisions, 0..1: it shows that the run was sound. */
  readonly accuracy: number;
}

/** Learns the training split and decides the test split. */
export function measureWholeSet(dataset: Dataset, most: number): WholeSet {
  const { train, test } = dataset;
  const learn = encoded(dataset, train, most);
  const decide = encoded(dataset, test, most);
  const { rows, columns, polarity } = learn.samples;
  const classifier = new OnlineClassifier({ neurons: 400, rows, columns, polarity });
  const point = leanBenchPoint(400);
  const begin = process.cpuUsage();
  for (let k = 0; k < learn.samples.count; k++) {
    classifier.decide(learn.samples.at(k), BigInt(k), point, true);
    classifier.label(BigInt(k), learn.samples.label(k));
  }
  const between = process.cpuUsage(begin);
  let right = 0;
  for (let k = 0; k < decide.samples.count; k++) {
    const { label } = classifier.decide(decide.samples.at(k), BigInt(1e6 + k), point, false);
    right += Number(label === decide.samples.label(k));
  }
  const end = process.cpuUsage(begin);
  const learnSeconds = (between.user + between.system) / 1e6;
  return {
    learned: learn.samples.count,
    learnSeconds: learn.seconds + learnSeconds,
    decided: decide.samples.count,
    decideSeconds: decide.seconds + (end.user + end.system) / 1e6 - learnSeconds,
    accuracy: right / decide.samples.count,
  };
}

function encoded(dataset: Dataset, split: Dataset['train'], most: number): { samples: Samples; seconds: number } {
  const { images } = split; // the file is read here, before the time is taken
  const begin = process.cpuUsage();
  const samples = imageSamples(dataset, { ...split, images }, Math.min(most, split.count));
  const { user, system } = process.cpuUsage(begin);
  return { samples, seconds: (user + system) / 1e6 };
}
