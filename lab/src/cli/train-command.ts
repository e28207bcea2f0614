import { Command } from 'commander';
import pc from 'picocolors';
import { jsonLine, printable } from 'topspark/base/quoted.js';
import type { Json, Snapshot } from 'topspark/base/snapshot.js';
import { below } from 'topspark/base/units.js';
import { encodeSnapshot } from 'topspark/checkpoint/safetensors.js';
import { firstSamples, type SampleStream } from '../training/sample-stream.js';
import type { TrainOptions } from '../training/train-options.js';
import type { TrainResult } from '../training/train-result.js';
import { recordingsLine } from '../training/recording-tally.js';
import { trainRun } from '../training/train-run.js';
import { checkOutput, writeOutput } from 'topspark/cli/output-file.js';
import { Progress } from 'topspark/cli/progress.js';
import { trainOptions, withImage, type TrainFlags } from './training-defaults.js';
import { chosenDataset, imageEncoding, refusedOf, withTrainingOptions, type DataFlags } from './training-flags.js';

interface Flags extends TrainFlags, DataFlags {
  readonly checkpoint?: string;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark train --samples 20000 --labels 0.1
  $ npx topspark train --policy rate --timesteps 50 --image plain
  $ npx topspark train --sensor events --samples 60000
  $ npx topspark train --dataset N-MNIST --sensor events -p events.hop:=0.05
`;

/** `topspark train`: learns a data set from nothing, offline, with the same network as on a robot and as few labels. */
export function trainCommand(): Command {
  const command = new Command('train').description(
    'Learn a data set from nothing and test the frozen network. Needs no ROS.',
  );
  return withTrainingOptions(command)
    .option('--checkpoint <file>', 'write what was learned to a safetensors file')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(train);
}

async function train(flags: Flags): Promise<void> {
  const given = trainOptions(flags);
  if (flags.checkpoint !== undefined) checkOutput('--checkpoint', flags.checkpoint);
  const { dataset } = await chosenDataset(flags);
  const options = withImage(given, flags, imageEncoding(dataset, flags.image));
  const named = options.timed?.labelSamples ?? 0;
  const total = options.samples + named + firstSamples(dataset.test, options.testSamples);
  const bar = new Progress(`train ${dataset.name}`, total, process.stderr);
  const { result, classifier, stream } = trainRun(dataset, options, (samples) => {
    bar.advance(samples);
  });
  bar.end();
  if (flags.checkpoint !== undefined) {
    writeOutput('--checkpoint', flags.checkpoint, encodeSnapshot(withReadings(classifier.snapshot(), stream)));
  }
  process.stdout.write(
    flags.json ? jsonLine({ ...result, ...refusedOf(dataset) }) : describe(printable(dataset.name), result, options),
  );
}

/** Adds how pictures, or the sensors of a recording, were read, in the form that a node stores. */
function withReadings(snapshot: Snapshot, stream: SampleStream): Snapshot {
  const { readings } = stream;
  if (readings === undefined) return snapshot;
  return { ...snapshot, meta: { ...snapshot.meta, sensors: readings as unknown as Json } };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function labelled({ labels, labelsFirst }: TrainOptions): string {
  const share = `${percent(labels)} with a label`;
  return labelsFirst === undefined ? share : `${share}, of those the first ${labelsFirst} of each class`;
}

function describe(name: string, result: TrainResult, options: TrainOptions): string {
  const micro = (value: number): string => value.toFixed(2).padStart(6);
  const { timesteps, events, keep } = options.point;
  const { accuracyLow, accuracyHigh, microsecondsPerSample: time, energyPerSample: energy, energyRatio } = result;
  const { policy, rule, encoding, readouts } = result;
  const way = options.timed ? `policy ${policy}, ${encoding} spikes, ${rule} rule` : `E ${events}, K ${keep}`;
  const bounds = `95 %: ${percent(accuracyLow)} to ${percent(accuracyHigh)}`;
  const row = (title: string, part: 'train' | 'infer'): string =>
    `${title}  ${micro(energy[part] * 1e6)} µJ (${below(energyRatio[part], 'T = 350')})  ${micro(time[part])} µs of CPU`;
  return [
    `${pc.bold(name)}: ${pc.green(percent(result.accuracy))} of ${result.testSamples} test samples (${bounds})`,
    ...recordingsLine(result),
    `learned    ${result.samples} samples, ${labelled(options)}, seed ${result.seed}`,
    `network    ${result.neuronsUsed} of ${result.neurons} neurons used, T ${timesteps}, ${way}`,
    ...(readouts?.linear === undefined
      ? []
      : [`readouts   votes ${percent(readouts.votes ?? NaN)}, linear ${percent(readouts.linear)}`]),
    row('training ', 'train'),
    row('inference', 'infer'),
    `weights    sha256 ${result.weightsHash}`,
    '',
  ].join('\n');
}
