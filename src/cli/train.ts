import { Command, Option } from 'commander';
import { writeFileSync } from 'node:fs';
import pc from 'picocolors';
import { checkInteger, checkNumber } from '../base/errors.js';
import { encodeSnapshot } from '../checkpoint/safetensors.js';
import { loadDataset } from '../data/dataset.js';
import { imageEncodings, type ImageEncoding } from '../encoding/image-encoder.js';
import { trainRun, type TrainOptions, type TrainResult } from '../sweep/train-run.js';
import { checkOperatingPoint } from '../timestep/operating-point.js';
import { number } from './options.js';
import { Progress } from './progress.js';

interface Flags {
  readonly dataset: string;
  readonly dataDir?: string;
  readonly neurons: number;
  readonly timesteps: number;
  readonly events: number;
  readonly keep?: number;
  readonly exitFirst: number;
  readonly exit: number;
  readonly samples: number;
  readonly testSamples: number;
  readonly labels: number;
  readonly image: ImageEncoding;
  readonly seed: number;
  readonly checkpoint?: string;
  readonly json?: true;
}

/** `topspark train`: learns a data set from nothing, off-line, with the network and the labels that a robot would have. */
export function trainCommand(): Command {
  return new Command('train')
    .description('Learn a data set from nothing and test the frozen network. Needs no ROS.')
    .option('--dataset <name>', 'mnist, fashion-mnist or a folder with the four IDX files', 'mnist')
    .option('--data-dir <folder>', 'where the files of a named set lie, if not in the usual place')
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .option('--timesteps <T>', 'timesteps a sample is presented in, 1..1000', number, 35)
    .option('--events <E>', 'input events read per sample', number, 200)
    .option('--keep <K>', 'neurons that read all events (default: a quarter of N, 10..48)', number)
    .option('--exit-first <lead>', 'vote lead that ends a decision after the first events; 0: never', number, 0)
    .option('--exit <lead>', 'vote lead that ends a decision later; 0: never', number, 0)
    .option('--samples <n>', 'training samples', number, 20_000)
    .option('--test-samples <n>', 'test samples, at most what the set has', number, 10_000)
    .option('--labels <share>', 'share of the training samples whose label is given, 0..1', number, 1)
    .addOption(
      new Option('--image <encoding>', 'how images become intensities').choices(imageEncodings).default('contrast'),
    )
    .option('--seed <n>', 'order of the samples and choice of labels', number, 1)
    .option('--checkpoint <file>', 'write what was learned to a safetensors file')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', '\nExample:\n  $ npx topspark train --samples 20000 --labels 0.1\n')
    .action(train);
}

function train(flags: Flags): void {
  const options = checkOptions(flags);
  const dataset = loadDataset(flags.dataset, flags.dataDir === undefined ? {} : { directory: flags.dataDir });
  const total = options.samples + Math.min(options.testSamples, dataset.test.count);
  const bar = new Progress(`train ${dataset.name}`, total, process.stderr);
  const { result, classifier } = trainRun(dataset, options, (samples) => {
    bar.advance(samples);
  });
  bar.end();
  if (flags.checkpoint !== undefined) writeFileSync(flags.checkpoint, encodeSnapshot(classifier.snapshot()));
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : describe(dataset.name, result, options));
}

/** Everything is checked before anything is loaded or written. */
function checkOptions(flags: Flags): TrainOptions {
  const { neurons, timesteps, events, exitFirst, exit, samples, testSamples, labels, image, seed } = flags;
  checkInteger('--neurons', neurons, 10, 6400);
  const keep = flags.keep ?? Math.min(Math.max(Math.floor(neurons / 4), 10), 48);
  const point = { timesteps, events, keep, exitFirst, exit };
  checkOperatingPoint(point, 'the operating point');
  checkInteger('--samples', samples, 1, 1e9);
  checkInteger('--test-samples', testSamples, 1, 1e9);
  checkNumber('--labels', labels, 0, 1);
  checkInteger('--seed', seed, 0, Number.MAX_SAFE_INTEGER);
  return { neurons, point, samples, testSamples, labels, image, seed };
}

function describe(name: string, result: TrainResult, options: TrainOptions): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const micro = (value: number): string => value.toFixed(2).padStart(6);
  const { timesteps, events, keep } = options.point;
  const { accuracyLow, accuracyHigh, microsecondsPerSample: time, energyPerSample: energy, energyRatio } = result;
  const bounds = `95 %: ${percent(accuracyLow)} to ${percent(accuracyHigh)}`;
  const row = (title: string, part: 'train' | 'infer'): string =>
    `${title}  ${micro(energy[part] * 1e6)} µJ (${energyRatio[part].toFixed(0)}× below T = 350)  ${micro(time[part])} µs of CPU`;
  return [
    `${pc.bold(name)}: ${pc.green(percent(result.accuracy))} of ${result.testSamples} test samples (${bounds})`,
    `learned    ${result.samples} samples, ${percent(options.labels)} with a label, seed ${result.seed}`,
    `network    ${result.neuronsUsed} of ${result.neurons} neurons used, T ${timesteps}, E ${events}, K ${keep}`,
    row('training ', 'train'),
    row('inference', 'infer'),
    `weights    sha256 ${result.weightsHash}`,
    '',
  ].join('\n');
}
