import { Command, Option } from 'commander';
import { writeFileSync } from 'node:fs';
import pc from 'picocolors';
import { encodeSnapshot } from '../checkpoint/safetensors.js';
import { loadDataset } from '../data/dataset.js';
import { imageEncodings } from '../encoding/image-encoder.js';
import type { TrainOptions } from '../sweep/train-options.js';
import type { TrainResult } from '../sweep/train-result.js';
import { trainRun } from '../sweep/train-run.js';
import { spikeEncodings, spikeRules } from '../snn/timed-baseline.js';
import { timedPolicies } from '../timestep/timed-policy.js';
import { number } from './options.js';
import { Progress } from './progress.js';
import { trainOptions, type TrainFlags } from './train-options.js';

interface Flags extends TrainFlags {
  readonly dataset: string;
  readonly dataDir?: string;
  readonly checkpoint?: string;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark train --samples 20000 --labels 0.1
  $ npx topspark train --policy rate --timesteps 50 --image plain
`;

/** `topspark train`: learns a data set from nothing, off-line, with the network and the labels that a robot would have. */
export function trainCommand(): Command {
  return new Command('train')
    .description('Learn a data set from nothing and test the frozen network. Needs no ROS.')
    .option('--dataset <name>', 'mnist, fashion-mnist or a folder with the four IDX files', 'mnist')
    .option('--data-dir <folder>', 'where the files of a named set lie, if not in the usual place')
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .addOption(
      new Option('--policy <name>', 'how samples are presented, and what T scales')
        .choices(['lean', ...timedPolicies])
        .default('lean'),
    )
    .option('--timesteps <T>', 'timesteps a sample is presented in, 1..1000 (lean 35, none 350, others 50)', number)
    .option('--events <E>', 'lean: input events read per sample (default: 200)', number)
    .option('--keep <K>', 'lean: neurons that read all events (default: a quarter of N, 10..48)', number)
    .option(
      '--exit-first <lead>',
      'lean: vote lead that ends a decision after the first events (default: never)',
      number,
    )
    .option('--exit <lead>', 'vote lead that ends a decision later; 0: never', number, 0)
    .option('--samples <n>', 'training samples', number, 20_000)
    .option('--test-samples <n>', 'test samples, at most what the set has', number, 10_000)
    .option('--labels <share>', 'share of the training samples whose label is given, 0..1', number, 1)
    .option('--label-samples <n>', 'not lean: samples that name the frozen neurons; 0: none (default: 10000)', number)
    .addOption(new Option('--rule <name>', 'how weights change (lean: expected, others: pair)').choices(spikeRules))
    .addOption(
      new Option(
        '--encoding <name>',
        'not lean: how intensities become spikes (rate: regular, others: poisson)',
      ).choices(spikeEncodings),
    )
    .addOption(
      new Option('--image <encoding>', 'how images become intensities')
        .choices(imageEncodings.filter((name) => name !== 'change'))
        .default('contrast'),
    )
    .option('--seed <n>', 'order of the samples and choice of labels', number, 1)
    .option('--checkpoint <file>', 'write what was learned to a safetensors file')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(train);
}

function train(flags: Flags): void {
  const options = trainOptions(flags);
  const dataset = loadDataset(flags.dataset, flags.dataDir === undefined ? {} : { directory: flags.dataDir });
  const named = options.timed?.labelSamples ?? 0;
  const total = options.samples + named + Math.min(options.testSamples, dataset.test.count);
  const bar = new Progress(`train ${dataset.name}`, total, process.stderr);
  const { result, classifier } = trainRun(dataset, options, (samples) => {
    bar.advance(samples);
  });
  bar.end();
  if (flags.checkpoint !== undefined) writeFileSync(flags.checkpoint, encodeSnapshot(classifier.snapshot()));
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : describe(dataset.name, result, options));
}

function describe(name: string, result: TrainResult, options: TrainOptions): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const micro = (value: number): string => value.toFixed(2).padStart(6);
  const { timesteps, events, keep } = options.point;
  const { accuracyLow, accuracyHigh, microsecondsPerSample: time, energyPerSample: energy, energyRatio } = result;
  const { policy, rule, encoding } = result;
  const way = options.timed ? `policy ${policy}, ${encoding} spikes, ${rule} rule` : `E ${events}, K ${keep}`;
  const bounds = `95 %: ${percent(accuracyLow)} to ${percent(accuracyHigh)}`;
  const row = (title: string, part: 'train' | 'infer'): string =>
    `${title}  ${micro(energy[part] * 1e6)} µJ (${energyRatio[part].toFixed(0)}× below T = 350)  ${micro(time[part])} µs of CPU`;
  return [
    `${pc.bold(name)}: ${pc.green(percent(result.accuracy))} of ${result.testSamples} test samples (${bounds})`,
    `learned    ${result.samples} samples, ${percent(options.labels)} with a label, seed ${result.seed}`,
    `network    ${result.neuronsUsed} of ${result.neurons} neurons used, T ${timesteps}, ${way}`,
    row('training ', 'train'),
    row('inference', 'infer'),
    `weights    sha256 ${result.weightsHash}`,
    '',
  ].join('\n');
}
