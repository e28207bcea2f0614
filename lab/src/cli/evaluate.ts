import { Command } from 'commander';
import pc from 'picocolors';
import { checkInteger } from 'topspark/base/errors.js';
import { jsonLine, printable } from 'topspark/base/quoted.js';
import { below } from 'topspark/base/units.js';
import { loadCheckpoint } from 'topspark/checkpoint/checkpoint-file.js';
import { classifierOf, evaluateRun, learnedImage, type EvaluateResult } from '../training/evaluate-run.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { checkOperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import { basedPolicy, standardTimesteps } from './training-defaults.js';
import { firstSamples } from '../training/sample-stream.js';
import { recordingsLine } from '../training/recording-tally.js';
import { chosenDataset, imageEncoding, refusedOf, withDataOptions, type DataFlags } from './training-flags.js';

interface Flags extends DataFlags {
  readonly checkpoint: string;
  readonly policy?: string;
  readonly timesteps?: number;
  readonly events?: number;
  readonly keep?: number;
  readonly exitFirst: number;
  readonly exit: number;
  readonly testSamples: number;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark train --checkpoint digits.safetensors
  $ npx topspark evaluate --checkpoint digits.safetensors --timesteps 16 --events 150 --keep 24 --exit-first 6 --exit 3
`;

/** `topspark evaluate`: tests a trained network on a data set at any operating point. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate').description(
    'Test a checkpoint, frozen, on the test images of a data set at any operating point. Needs no ROS.',
  );
  return withDataOptions(command, 'as the checkpoint has learned them')
    .requiredOption('--checkpoint <file>', 'safetensors file of train or of a robot')
    .option('--policy <file>', 'YAML file of your own policy that the network was trained with')
    .option(
      '--timesteps <T>',
      'timesteps a sample is presented in, 1..1000 (lean 35, with edges or scene 30; none 350, others 50)',
      number,
    )
    .option('--events <E>', 'lean: input events read per sample (default: 200)', number)
    .option('--keep <K>', 'lean: neurons that read all events (default: a quarter of N, 10..48)', number)
    .option('--exit-first <lead>', 'lean: vote lead that ends a decision after the first events; 0: never', number, 0)
    .option('--exit <lead>', 'vote lead that ends a decision later; 0: never', number, 0)
    .option('--test-samples <n>', 'test samples, at most what the set has', number, 10_000)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(evaluate);
}

async function evaluate(flags: Flags): Promise<void> {
  const { checkpoint, exitFirst, exit, testSamples } = flags;
  checkInteger('--test-samples', testSamples, 1, 1e9);
  const own = flags.policy === undefined ? undefined : basedPolicy(flags.policy);
  const snapshot = loadCheckpoint(checkpoint);
  const stored = classifierOf(snapshot, own);
  const { dataset } = await chosenDataset(flags, snapshot);
  const image = flags.image && imageEncoding(dataset, flags.image);
  const read = dataset.intensities ? undefined : (image ?? learnedImage(stored));
  const standard = leanPoint(stored.neurons, {
    timesteps: standardTimesteps(own?.base ?? stored.policy, read),
  });
  const { timesteps = standard.timesteps, events = standard.events, keep = standard.keep } = flags;
  const point = { timesteps, events, keep, exitFirst, exit };
  checkOperatingPoint(point, 'the operating point');
  const bar = new Progress(`evaluate ${dataset.name}`, firstSamples(dataset.test, testSamples), process.stderr);
  const result = evaluateRun(stored, dataset, point, testSamples, image, (samples) => {
    bar.advance(samples);
  });
  bar.end();
  process.stdout.write(
    flags.json ? jsonLine({ ...result, ...refusedOf(dataset) }) : describe(printable(dataset.name), result),
  );
}

function describe(name: string, result: EvaluateResult): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const { accuracy, accuracyLow, accuracyHigh, recall, testSamples, neurons, neuronsUsed, policy, point } = result;
  const { timesteps, events, keep, exitFirst, exit } = point;
  const way = policy === 'lean' ? `E ${events}, K ${keep}, exits ${exitFirst}/${exit}` : `exit ${exit}`;
  const energy = `${(result.energyPerSample * 1e6).toPrecision(3)} µJ (${below(result.energyRatio, 'T = 350')})`;
  return [
    `${pc.bold(name)}: ${pc.green(percent(accuracy))} of ${testSamples} test samples (95 %: ${percent(accuracyLow)} to ${percent(accuracyHigh)})`,
    `recall     ${percent(recall)}, mean over the classes`,
    ...recordingsLine(result),
    `network    ${neuronsUsed} of ${neurons} neurons used, policy ${policy}, T ${timesteps}, ${way}`,
    `steps      ${result.timestepsRun.toFixed(1)} of ${timesteps} run; ${percent(result.early)} ended early`,
    `inference  ${energy}  ${result.microsecondsPerSample.toFixed(2)} µs of CPU`,
    `weights    sha256 ${result.weightsHash}`,
    '',
  ].join('\n');
}
