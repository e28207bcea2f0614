import { wilson } from 'topspark/accuracy/wilson.js';
import { TopsparkError } from 'topspark/base/errors.js';
import type { Json, Snapshot } from 'topspark/base/snapshot.js';
import type { Dataset, SensorPlace } from '../datasets/dataset.js';
import { readingDifferences, describeDifferences } from 'topspark/sensing/sensor-reading.js';
import { kindOf } from 'topspark/sensing/sensor-kinds.js';
import { costTable, frontEndJoules, joules, unscaledEnergy } from 'topspark/energy/energy-account.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import { storedParts } from 'topspark/classifier/linear-stage.js';
import type { TimedOptions } from 'topspark/classifier/network-binding.js';
import { spikeEncodings, spikeRules } from 'topspark/snn/timed/timed-baseline.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { BasedPolicy } from 'topspark/timestep/policy/policy-file.js';
import { timedPolicies } from 'topspark/timestep/policy/timed-policy.js';
import type { AllCounts } from './meter.js';
import { pictureEncodings, type PictureEncoding } from './picture-encodings.js';
import { presentSamples, type Stretch } from './present-samples.js';
import { RecordingTally, type RecordingAccuracy } from './recording-tally.js';
import { firstSamples, SampleStream } from './sample-stream.js';
import { Tally } from './tally.js';
import type { StageAccuracies } from './train-result.js';

/** What a trained network decided at one operating point. Energies [J] and times [µs] per sample. */
export interface EvaluateResult {
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  readonly recall: number;
  /** Where samples are windows of recordings: accuracy over recordings, each decided by its windows' votes. */
  readonly recordings?: RecordingAccuracy;
  readonly testSamples: number;
  readonly neurons: number;
  readonly neuronsUsed: number;
  readonly policy: string;
  readonly point: OperatingPoint;
  readonly image: PictureEncoding;
  /** With a linear readout: its accuracy and that of the votes. */
  readonly readouts?: StageAccuracies;
  /** Mean timesteps that were run, and share of the decisions that ended before the last. */
  readonly timestepsRun: number;
  readonly early: number;
  readonly microsecondsPerSample: number;
  readonly operations: AllCounts;
  /** Front end and network together. */
  readonly energyPerSample: number;
  /** The part of it that the front end takes. */
  readonly frontEndEnergy: number;
  /** Energy of the unscaled network at T = 350, behind the same front end, divided by the energy of this one. */
  readonly energyRatio: number;
  readonly classNames: readonly string[];
  /** Rows: true class. Columns: answer; the last column counts samples without an answer. */
  readonly confusion: readonly (readonly number[])[];
  readonly weightsHash: string;
}

/** A stored classifier and the policy that it was trained with. */
export interface StoredClassifier {
  readonly classifier: OnlineClassifier;
  readonly policy: string;
  /** How it is presented with spikes in time; absent: the lean method. */
  readonly timed?: TimedOptions;
  readonly neurons: number;
  /** Rows of the intensities. */
  readonly rows: number;
  readonly columns: number;
  /** Sensor readings as a node stored them; `undefined`: the checkpoint is not from a node. */
  readonly sensors: Json | undefined;
}

/**
 * Restores the classifier of a snapshot.
 *
 * @param own - the user's policy that it was trained with, if any
 * @throws TopsparkError `bad_state`, or `unknown_policy` where the policy is neither built in nor the user's
 */
export function classifierOf(snapshot: Snapshot, own: BasedPolicy | undefined): StoredClassifier {
  const { meta } = snapshot;
  const [neurons, rows, columns] = [count(meta, 'neurons'), count(meta, 'rows'), count(meta, 'columns')];
  const [classes, memory] = [count(meta, 'classes'), count(meta, 'memory')];
  const policy = typeof meta['policy'] === 'string' ? meta['policy'] : 'unknown';
  const polarity = meta['polarity'] === true;
  const timed = policy === 'lean' ? {} : { timed: timedOf(meta, policy, own) };
  const classifier = new OnlineClassifier({
    ...{ neurons, rows, columns, classes, memory, polarity, ...timed },
    features: meta['features'] === true,
    ...('linear' in meta && { linear: storedParts(meta['linear']) }),
  });
  classifier.restore(snapshot);
  return { classifier, policy, ...timed, neurons, rows, columns, sensors: meta['sensors'] };
}

/**
 * Decides the test samples without learning.
 *
 * @param testSamples - how many, from the first; a larger number than there are means all
 * @param given - encoding of the pictures, if it differs from the one that the network learned
 * @param progress - called with the number of samples done since the last call
 * @throws TopsparkError `wrong_size` or `wrong_encoding` where the samples are not of the kind that the network learned
 */
export function evaluateRun(
  { classifier, policy, neurons, rows, columns, sensors }: StoredClassifier,
  dataset: Dataset,
  point: OperatingPoint,
  testSamples: number,
  given: PictureEncoding | undefined,
  progress: (done: number) => void,
): EvaluateResult {
  const { image, stream } = streamOf(dataset, rows, columns, given ?? encodingIn(sensors));
  checkEncodings(sensors, dataset, { encoding: image, inputs: rows * columns });
  const count = firstSamples(dataset.test, testSamples);
  const tally = new Tally(dataset.classNames, point.timesteps);
  const order = Array(count).keys();
  const recordings = dataset.test.ends && new RecordingTally(dataset.test.ends, classifier);
  const answered: Stretch['answered'] = (answer, right, truth) => {
    tally.add(answer, right, truth);
    recordings?.add(answer, dataset.classNames[truth]);
  };
  const meter = presentSamples({ stream, classifier, point, split: dataset.test, order, count, answered, progress });
  const bounds = wilson(meter.right, meter.samples);
  const table = costTable(policy !== 'lean');
  const operations = meter.operationsPerSample();
  const energyPerSample = joules(operations, table);
  const frontEndEnergy = frontEndJoules(operations, table);
  return {
    accuracy: meter.right / meter.samples,
    accuracyLow: bounds.low,
    accuracyHigh: bounds.high,
    recall: tally.recall,
    ...(recordings && { recordings: recordings.accuracy }),
    testSamples: meter.samples,
    neurons,
    neuronsUsed: classifier.neuronsUsed,
    ...{ policy, point, image },
    ...(tally.readouts && { readouts: tally.readouts }),
    timestepsRun: tally.timestepsRun,
    early: tally.early,
    microsecondsPerSample: meter.microsecondsPerSample(),
    operations,
    energyPerSample,
    frontEndEnergy,
    energyRatio: (unscaledEnergy(neurons, table) + frontEndEnergy) / energyPerSample,
    classNames: dataset.classNames,
    confusion: tally.confusion,
    weightsHash: classifier.hash(),
  };
}

/**
 * The data set in the wanted encoding, or else in the first that gives intensities of this shape. `contrast` and
 * `change` give the same shape; `contrast` is tried first.
 */
function streamOf(
  dataset: Dataset,
  rows: number,
  columns: number,
  wanted: PictureEncoding | undefined,
): { image: PictureEncoding; stream: SampleStream } {
  const encodings = dataset.intensities ? (['plain'] as const) : wanted ? [wanted] : pictureEncodings;
  const streams = encodings.map((image) => ({ image, stream: new SampleStream(dataset, image) }));
  const fitting = streams.find(({ stream }) => stream.rows === rows && stream.columns === columns);
  if (fitting) return fitting;
  const found = `the checkpoint takes ${rows} × ${columns} intensities`;
  const shapes = streams.map(({ image, stream }) => {
    return `${stream.rows} × ${stream.columns}${dataset.intensities ? '' : ` (${image})`}`;
  });
  throw new TopsparkError('wrong_size', 'data', `${found}, expected ${shapes.join(' or ')}, as ${dataset.name} has`);
}

/** How the pictures were read that a network learned; `undefined`: its samples were not those of one camera. */
export function learnedImage({ sensors }: Pick<StoredClassifier, 'sensors'>): PictureEncoding | undefined {
  const [{ name = '' } = {}] = Array.isArray(sensors) ? (sensors as readonly Partial<SensorPlace>[]) : [];
  const kind = kindOf(name)?.name ?? '';
  return ['image', 'compressed_image'].includes(kind) ? encodingIn(sensors) : undefined;
}

// The encoding that a node stored for its only sensor, a camera.
function encodingIn(sensors: Json | undefined): PictureEncoding | undefined {
  const [camera, ...others] = Array.isArray(sensors) ? (sensors as readonly (Partial<SensorPlace> | undefined)[]) : [];
  return others.length === 0 ? pictureEncodings.find((name) => name === camera?.encoding) : undefined;
}

// Samples that are neither pictures nor from a recording do not say how they were made, so nothing is checked for them.
function checkEncodings(found: Json | undefined, { name, intensities }: Dataset, picture: SensorPlace): void {
  const expected = intensities ? intensities.sensors : [picture];
  if (found === undefined || expected === undefined) return;
  const stored = Array.isArray(found) ? (found as readonly Partial<SensorPlace>[]) : [];
  const text = (all: readonly Partial<SensorPlace>[]): string =>
    all.map(({ encoding = 'none', inputs = 0 }) => `${encoding} (${inputs} intensities)`).join(', ');
  if (text(stored) === text(expected)) {
    const own = expected.map(({ name = '', encoding, parameters }) => ({
      name,
      encoding,
      ...(parameters && { parameters }),
    }));
    const differences = own.every(({ parameters }) => parameters) ? readingDifferences(found, own) : [];
    if (differences.length === 0) return;
    throw new TopsparkError('wrong_encoding', 'data', describeDifferences(differences, 'the checkpoint was learned'));
  }
  const message = `the checkpoint's sensors were encoded as ${text(stored)}, expected ${text(expected)} as ${name} gives`;
  throw new TopsparkError('wrong_encoding', 'data', message);
}

function timedOf(meta: Snapshot['meta'], policy: string, own: BasedPolicy | undefined): TimedOptions {
  const known = timedPolicies.find((name) => name === policy) ?? (own?.own.name === policy ? own.base : undefined);
  const rule = spikeRules.find((name) => name === meta['rule']);
  const encoding = spikeEncodings.find((name) => name === meta['encoding']);
  if (known === undefined) {
    const expected = `lean, ${timedPolicies.join(', ')}, or the file of that policy as --policy FILE.yaml`;
    throw new TopsparkError('unknown_policy', 'usage', `policy of the checkpoint is ${policy}, expected ${expected}`);
  }
  if (rule === undefined) bad('rule', meta['rule'], spikeRules.join(', '));
  if (encoding === undefined) bad('encoding', meta['encoding'], spikeEncodings.join(', '));
  const seed = count(meta, 'seed');
  return { policy: known, rule, encoding, seed, ...(own?.own.name === policy && { own: own.own }) };
}

function count(meta: Snapshot['meta'], name: string): number {
  const found = meta[name];
  if (typeof found === 'number' && Number.isSafeInteger(found) && found >= 0) return found;
  bad(name, found, 'a count');
}

function bad(name: string, found: Json | undefined, expected: string): never {
  const message = `${name} of the checkpoint is ${JSON.stringify(found) as string | undefined}, expected ${expected}`;
  throw new TopsparkError('bad_state', 'checkpoint', message);
}
