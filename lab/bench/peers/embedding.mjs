// @ts-check
// Classifiers that learn one sample at a time, on the same vectors of a pretrained network, in the same order, with the
// same labels.
import { parseArgs } from 'node:util';
import { threadCpuTime } from 'topspark/base/thread-cpu-time.js';
import { Random } from 'topspark/base/random.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { thisMachine } from '../../dist/bench/engine/machine.js';
import { loadChoice } from '../../dist/datasets/dataset-ref.js';
import { markdownTable } from '../../dist/report/markdown-table.js';
import { givenLabels } from '../../dist/training/given-labels.js';
import { orderOf } from '../../dist/training/sample-stream.js';
import { trainRun } from '../../dist/training/train-run.js';
import { classMean, logistic, nearestFive, onlineHd, streamingLda } from './vector-classifiers.mjs';

const usage = `node lab/bench/peers/embedding.mjs [options]
  --dataset DIR     train/CLASS/*.jpg and test/CLASS/*.jpg (shared/data/clothing)
  --test-parts P    of validation and test (test)
  --size PIXELS     224, 160 or 96 (224)
  --samples N       learned in the seed's order (1500)
  --labels-first L  labels a class, the others unnamed; all: every one (1,5,10,all)
  --seeds LIST      (1,2,3)
  --neurons N       of ours (400)
  --json            one JSON object on standard output
`;

const text = /** @param {string} value */ (value) => /** @type {const} */ ({ type: 'string', default: value });
const { values: given } = parseArgs({
  options: {
    dataset: text('shared/data/clothing'),
    'test-parts': text('test'),
    size: text('224'),
    samples: text('1500'),
    'labels-first': text('1,5,10,all'),
    seeds: text('1,2,3'),
    neurons: text('400'),
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (given.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const testParts = /** @type {('validation' | 'test')[]} */ (given['test-parts'].split(','));
const embedding = { model: '', size: Number(given.size) };
const dataset = await loadChoice({ name: given.dataset, testParts, embedding });
const { train, test, classNames } = dataset;
const length = dataset.columns / 2;
const classes = classNames.length;
const samples = Number(given.samples);
const neurons = Number(given.neurons);
const [rowsOfTrain, rowsOfTest] = [train, test].map(({ images, count }) =>
  Array.from({ length: count }, (_, k) => row(images.subarray(2 * k * length, 2 * (k + 1) * length))),
);

/** On minus off, of length 1; silence stays 0. @param {Uint8Array} rows */
function row(rows) {
  const x = Float64Array.from({ length }, (_, i) => rows[i] - rows[length + i]);
  const norm = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0)) || 1;
  return x.map((value) => value / norm);
}

/** @typedef {{ accuracy: number, learnMilliseconds: number, answerMilliseconds: number }} Figures */

/** @type {Readonly<Record<string, (seed: number) => import('./vector-classifiers.mjs').VectorClassifier>>} */
const peers = {
  'class mean': () => classMean(classes, length),
  '5-NN': () => nearestFive(classes),
  'streaming LDA': () => streamingLda(classes, length),
  'logistic, SGD': () => logistic(classes, length),
  OnlineHD: (seed) => onlineHd(classes, length, seed),
};

/**
 * @param {(seed: number) => import('./vector-classifiers.mjs').VectorClassifier} make
 * @param {number} seed
 * @param {number | undefined} labelsFirst
 * @returns {Figures}
 */
function peer(make, seed, labelsFirst) {
  const random = new Random(seed);
  const order = orderOf(dataset, random);
  const isGiven = givenLabels({ labels: 1, ...(labelsFirst !== undefined && { labelsFirst }) }, random);
  const one = make(seed);
  let [labels, learning] = [0, 0];
  for (let k = 0; k < samples; k++) {
    const index = order.next().value;
    if (!isGiven(train.labels[index])) continue;
    const start = threadCpuTime();
    one.learn(rowsOfTrain[index], train.labels[index]);
    learning += threadCpuTime() - start;
    labels++;
  }
  one.scores(rowsOfTest[0]);
  const start = threadCpuTime();
  const right = rowsOfTest.filter((x, k) => {
    const scores = Array.from(one.scores(x));
    return scores.indexOf(Math.max(...scores)) === test.labels[k];
  }).length;
  const answering = threadCpuTime() - start;
  return figures(right / test.count, learning / labels, answering / test.count);
}

/** @type {(accuracy: number, learn: number, answer: number) => Figures} */
const figures = (accuracy, learn, answer) => ({
  ...{ accuracy, learnMilliseconds: learn / 1000, answerMilliseconds: answer / 1000 },
});

/**
 * @param {'auto' | 'never'} linearReadout
 * @param {number} seed
 * @param {number | undefined} labelsFirst
 * @returns {Figures}
 */
function ours(linearReadout, seed, labelsFirst) {
  const point = { ...leanPoint(neurons), exitFirst: 0, exit: 0 };
  const options = {
    neurons,
    point,
    samples,
    testSamples: test.count,
    labels: 1,
    image: /** @type {const} */ ('embedding'),
  };
  const first = labelsFirst === undefined ? {} : { labelsFirst };
  const { result } = trainRun(dataset, { ...options, ...first, linearReadout, seed }, () => undefined);
  const { accuracy, microsecondsPerSample } = result;
  return figures(accuracy, microsecondsPerSample.train, microsecondsPerSample.infer);
}

const lines = given['labels-first'].split(',').flatMap((labels) => {
  const labelsFirst = labels === 'all' ? undefined : Number(labels);
  const runs = given.seeds.split(',').map((text) => {
    const seed = Number(text);
    process.stderr.write(`${labels} labels a class, seed ${seed}\n`);
    return {
      'votes alone': ours('never', seed, labelsFirst),
      'votes and linear readout': ours('auto', seed, labelsFirst),
      ...Object.fromEntries(Object.entries(peers).map(([name, make]) => [name, peer(make, seed, labelsFirst)])),
    };
  });
  return Object.keys(runs[0]).map((who) => {
    const all = runs.map((run) => /** @type {Readonly<Record<string, Figures>>} */ (run)[who]);
    /** @param {keyof Figures} field */
    const mean = (field) => all.reduce((sum, each) => sum + each[field], 0) / all.length;
    return {
      ...{ labels, who, accuracies: all.map(({ accuracy }) => accuracy), accuracy: mean('accuracy') },
      ...{ learnMilliseconds: mean('learnMilliseconds'), answerMilliseconds: mean('answerMilliseconds') },
    };
  });
});
const result = {
  machine: thisMachine(),
  dataset: given.dataset,
  testParts,
  size: embedding.size,
  classes,
  samples,
  neurons,
  lines,
};
const percent = /** @param {number} value */ (value) => (100 * value).toFixed(1);
const rows = lines.map(({ labels, who, accuracy, accuracies, learnMilliseconds, answerMilliseconds }) => [
  ...[labels, who, percent(accuracy), accuracies.map(percent).join(' ')],
  ...[learnMilliseconds.toFixed(3), answerMilliseconds.toFixed(3)],
]);
const head = ['labels a class', 'who', 'accuracy %', 'by seed', 'ms a label', 'ms an answer'];
process.stdout.write(given.json ? `${JSON.stringify(result)}\n` : `${markdownTable(head, rows)}\n`);
