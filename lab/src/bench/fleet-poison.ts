import { Random } from 'topspark/base/random.js';
import { atOnce } from 'topspark/base/slices.js';
import type { Snapshot } from 'topspark/base/snapshot.js';
import { withRecalibration } from 'topspark/agent/recalibration-snapshot.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import { Contributions } from 'topspark/fleet/contributions.js';
import { mergeFleet } from 'topspark/fleet/merge.js';
import { contributionOf } from 'topspark/fleet/own-contribution.js';
import { mergeTried } from 'topspark/fleet/trial.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { loadDataset } from '../datasets/dataset.js';
import { presentSamples } from '../training/present-samples.js';
import { SampleStream } from '../training/sample-stream.js';

// Ten robots see samples of all classes. Some share damaged snapshots: the evidence of each neuron is shuffled among
// the classes, and the class neurons are exchanged. A sound robot merges all ten, with the trial and without.

/** Effect of a number of poisoned robots. */
export interface PoisonRow {
  /** Number of poisoned robots, out of ten. */
  readonly poisoned: number;
  /** Poisoned robots that the trial refused by name, and sound robots that it refused. */
  readonly refused: number;
  readonly soundRefused: number;
  /** Share of right answers of the robot that merges, 0..1: before merging, with the trial, and without it. */
  readonly alone: number;
  readonly tried: number;
  readonly untried: number;
}

/** Options of the robots. */
export interface PoisonOptions {
  readonly set: string;
  readonly neurons: number;
  /** Samples that each robot sees. */
  readonly samples: number;
  /** Labels per sample, 0..1. */
  readonly budget: number;
  readonly seed: number;
  /** Number of images on which answers are tested, from the last sixth of the training images. */
  readonly tests: number;
}

const robots = 10;
/** Numbers of poisoned robots. */
const shares = [0, 1, 2, 3, 4, 5];

/** @param progress - called after each number of poisoned robots */
export function poisonRuns(options: PoisonOptions, progress: () => void): PoisonRow[] {
  const { set, neurons, samples, budget, seed, tests } = options;
  const dataset = loadDataset(set);
  const stream = new SampleStream(dataset, 'edges');
  const { rows, columns, polarity } = stream;
  const { classNames, train: split } = dataset;
  const point = leanPoint(neurons);
  const random = new Random(seed);
  const learned = Math.floor((split.count * 5) / 6);
  const order = random.permutation(learned);
  const fresh = (): OnlineClassifier =>
    new OnlineClassifier({ neurons, rows, columns, polarity, classes: classNames.length });
  const common = { stream, point, split, progress: () => undefined };
  const fleet = Array.from({ length: robots }, (_, robot): Snapshot => {
    const classifier = fresh();
    const indices = order.slice(robot * samples, (robot + 1) * samples).values();
    const labels = (): boolean => random.uniform() < budget;
    presentSamples({ ...common, classifier, order: indices, count: samples, labels });
    const own = { samples: [...classifier.labelled], measured: undefined };
    return withRecalibration(classifier.snapshot(), own, rows * columns);
  });
  const right = (snapshot: Snapshot): number => {
    const classifier = fresh();
    classifier.restore(snapshot);
    const indices = Array.from({ length: tests }, (_, k) => learned + k).values();
    return presentSamples({ ...common, classifier, order: indices, count: tests }).right / tests;
  };
  const [mine] = fleet;
  const alone = right(mine);
  return shares.map((poisoned) => {
    let all = Contributions.none;
    // The last robots are poisoned, since the first one merges.
    const strange = new Set(Array.from({ length: poisoned }, (_, k) => `robot${robots - 1 - k}`));
    fleet.slice(1).forEach((snapshot, k) => {
      const robot = `robot${k + 1}`;
      const shared = strange.has(robot) ? shuffled(snapshot, new Random(seed + k + 1)) : snapshot;
      all = all.with(atOnce(contributionOf(shared, { robot, version: 1, when: 0 })));
    });
    const { snapshot, refused } = atOnce(mergeTried(mine, all, { robot: 'robot0' }));
    const named = new Set(refused.map(({ robot }) => robot));
    const caught = [...named].filter((robot) => strange.has(robot)).length;
    const untried = right(atOnce(mergeFleet(mine, all, 'robot0')).snapshot);
    progress();
    return { poisoned, refused: caught, soundRefused: named.size - caught, alone, tried: right(snapshot), untried };
  });
}

// Shuffles the classes of each neuron's evidence and messages, and moves each class neuron to the next class.
function shuffled(snapshot: Snapshot, random: Random): Snapshot {
  const classes = (snapshot.meta['class_names'] as readonly string[]).length;
  const neurons = snapshot.meta['neurons'] as number;
  const tensors = { ...snapshot.tensors };
  const of = (name: string): Float32Array => (tensors[name].data as Float32Array).slice();
  const [evidence, message, weights] = ['network.evidence', 'network.message', 'class_neurons.weights'].map(of);
  const stride = evidence.length / neurons;
  for (let j = 0; j < neurons; j++) {
    const to = random.permutation(classes);
    for (const table of [evidence, message]) {
      const own = table.slice(j * stride, j * stride + classes);
      own.forEach((each, c) => (table[j * stride + to[c]] = each));
    }
  }
  const width = weights.length / classes;
  weights.set([...weights.slice(width), ...weights.slice(0, width)]);
  const put = (name: string, data: Float32Array): void => {
    tensors[name] = { shape: tensors[name].shape, data };
  };
  put('network.evidence', evidence);
  put('network.message', message);
  put('class_neurons.weights', weights);
  return { ...snapshot, tensors };
}
