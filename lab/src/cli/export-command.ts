import { Command } from 'commander';
import pc from 'picocolors';
import { reasonOf, TopsparkError } from 'topspark/base/errors.js';
import { jsonLine, printable } from 'topspark/base/quoted.js';
import { readRegular } from 'topspark/base/regular-file.js';
import { loadCheckpoint } from 'topspark/checkpoint/checkpoint-file.js';
import { CheckpointStore } from 'topspark/checkpoint/checkpoint-store.js';
import { number } from 'topspark/cli/options.js';
import { checkOutput, writeOutput } from 'topspark/cli/output-file.js';
import { checkpointDirectory } from 'topspark/node/checkpoint-directory.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { checkOperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { join } from 'node:path';
import { compareNir, type NirComparison } from '../nir/compare-nir.js';
import { networkToNir } from '../nir/network-to-nir.js';
import { decodeNir, encodeNir } from '../nir/nir-file.js';
import { nirVersion, type NirGraph } from '../nir/nir-graph.js';
import { classifierOf, learnedImage, type StoredClassifier } from '../training/evaluate-run.js';
import { basedPolicy, standardTimesteps } from './training-defaults.js';

interface Flags {
  readonly nir?: string;
  readonly check?: string;
  readonly checkpoint?: string;
  readonly policy?: string;
  readonly timesteps?: number;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark train --policy none --image plain --checkpoint digits.safetensors
  $ npx topspark export --nir digits.nir --checkpoint digits.safetensors
  $ npx topspark export --check digits.nir --checkpoint digits.safetensors
`;

/** `topspark export`: writes what was learned for other simulators and for chips. */
export function exportCommand(): Command {
  return new Command('export')
    .description(
      'Write what was learned as a graph of NIR, which other simulators and chips read, or check one. Needs no ROS.',
    )
    .option('--nir <file>', 'HDF5 file to write')
    .option('--check <file>', 'NIR file to compare with the checkpoint, instead of writing one')
    .option(
      '--checkpoint <file>',
      'safetensors file of train or of a robot (default: the newest of /topspark on this machine)',
    )
    .option('--policy <file>', 'YAML file of your own policy that the network was trained with')
    .option(
      '--timesteps <T>',
      'timesteps a sample is presented in, 1..1000 (lean 35, with edges or scene 30; none 350, others 50; with --check those of the file)',
      number,
    )
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(exportNetwork);
}

async function exportNetwork(flags: Flags): Promise<void> {
  const { nir, check } = flags;
  if ((nir === undefined) === (check === undefined)) {
    const found = nir === undefined ? 'neither --nir nor --check is given' : '--nir and --check are given';
    throw new TopsparkError('bad_combination', 'usage', `${found}, expected one of them`);
  }
  if (nir !== undefined) checkOutput('--nir', nir);
  const checkpoint = flags.checkpoint ?? newestCheckpoint();
  const own = flags.policy === undefined ? undefined : basedPolicy(flags.policy);
  const stored = classifierOf(loadCheckpoint(checkpoint), own);
  const graphAt = (timesteps = standardTimesteps(own?.base ?? stored.policy, learnedImage(stored))): NirGraph => {
    const point = leanPoint(stored.neurons, { timesteps: flags.timesteps ?? timesteps });
    checkOperatingPoint(point, 'the operating point');
    return networkToNir(stored, point);
  };
  process.stdout.write(
    nir === undefined
      ? await checked(check ?? '', checkpoint, graphAt, flags)
      : await written(nir, stored, graphAt(), flags),
  );
}

async function written(path: string, stored: StoredClassifier, graph: NirGraph, { json }: Flags): Promise<string> {
  const bytes = await encodeNir(graph);
  writeOutput('--nir', path, bytes);
  const { neurons, rows, columns, classifier, policy } = stored;
  const { timesteps, dt, exact_tau: exact, left_out: leftOut } = graph.metadata;
  const lost = String(leftOut).split('\n');
  const sizes = { neurons, neuronsUsed: classifier.neuronsUsed, inputs: rows * columns, classes: classifier.classes };
  if (json)
    return jsonLine({ file: path, bytes: bytes.length, nir: nirVersion, policy, timesteps, ...sizes, leftOut: lost });
  const network = `${sizes.neuronsUsed} of ${neurons} neurons used, ${sizes.inputs} inputs, ${sizes.classes.length} classes`;
  const [tau] = graph.nodes['neurons'].parameters['tau'].data;
  const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(2)} ms`;
  return [
    `${pc.bold(printable(path))}: NIR ${nirVersion}, ${(bytes.length / 1e6).toFixed(2)} MB`,
    `network    ${network}, policy ${policy}, T ${String(timesteps)}`,
    `steps      ${milliseconds(Number(dt))}, tau ${milliseconds(Number(tau))} by forward Euler (exactly integrated ${milliseconds(Number(exact))})`,
    ...lost.map((each, k) => `${k === 0 ? 'left out ' : '         '}  ${each}`),
    '',
  ].join('\n');
}

async function checked(
  path: string,
  checkpoint: string,
  graphAt: (timesteps?: number) => NirGraph,
  { json }: Flags,
): Promise<string> {
  const { version, graph } = await decodeNir(readNir(path), path);
  const { timesteps } = graph.metadata;
  const compared = compareNir(graphAt(Number.isInteger(timesteps) ? Number(timesteps) : undefined), graph);
  const same = compared.differences.length === 0 && compared.changed === 0;
  if (!same) process.exitCode = 3;
  if (json) return jsonLine({ file: path, nir: version, same, ...compared });
  return `${pc.bold(printable(path))}: NIR ${version}, ${printable(verdict(compared, checkpoint))}\n`;
}

function verdict({ differences, numbers, changed, largest }: NirComparison, checkpoint: string): string {
  if (differences.length > 0) {
    const [first, ...more] = differences;
    return `another network than that of ${checkpoint}: ${first}${more.length > 0 ? `, and ${more.length} more` : ''}`;
  }
  if (changed === 0) return `the network of ${checkpoint}: all ${numbers} numbers are equal`;
  const off = `by at most ${(100 * largest).toPrecision(2)} % of the largest of its kind`;
  return `the network of ${checkpoint} with ${changed} of ${numbers} numbers changed, ${off}`;
}

function readNir(path: string): Buffer {
  try {
    return readRegular(path);
  } catch (cause) {
    throw new TopsparkError('nir_unreadable', 'data', `--check ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

// The newest checkpoint of a node that was started without parameters.
function newestCheckpoint(): string {
  const directory = checkpointDirectory('', '/topspark', process.env);
  const newest = new CheckpointStore(directory, 1).names().at(0);
  if (newest !== undefined) return join(directory, newest);
  const found = `${directory} holds no checkpoint`;
  throw new TopsparkError('no_checkpoint', 'usage', `${found}, expected one, or --checkpoint FILE`);
}
