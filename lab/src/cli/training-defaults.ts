import type { LinearReadoutUse } from 'topspark/classifier/linear-use.js';
import { checkInteger, checkNumber, TopsparkError, reasonOf } from 'topspark/base/errors.js';
import { readSmallText } from 'topspark/base/regular-file.js';
import type { SpikeEncoding, SpikeRule } from 'topspark/snn/timed/timed-baseline.js';
import type { PictureEncoding } from '../training/picture-encodings.js';
import type { TimedTraining, TrainOptions } from '../training/train-options.js';
import { leanPoint, leanTimesteps } from 'topspark/timestep/policy/lean-policy.js';
import { checkOperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { policyNames, type PolicyName } from 'topspark/timestep/policy/policies.js';
import { parsePolicy, type BasedPolicy } from 'topspark/timestep/policy/policy-file.js';
import { timedEncodings, type OwnPolicy, type TimedPolicyName } from 'topspark/timestep/policy/timed-policy.js';

/** Options that the user gave to `topspark train`. Those without a default here depend on the policy. */
export interface TrainFlags {
  readonly neurons: number;
  /** A built-in name, or a YAML file with the user's own policy. */
  readonly policy: string;
  readonly timesteps?: number;
  readonly events?: number;
  readonly keep?: number;
  readonly exitFirst?: number;
  readonly exit: number;
  readonly rule?: SpikeRule;
  readonly encoding?: SpikeEncoding;
  readonly samples: number;
  readonly testSamples: number;
  readonly labels: number;
  readonly labelsFirst?: number;
  readonly labelSamples?: number;
  readonly learn?: 'all' | 'novel';
  readonly linearReadout?: LinearReadoutUse;
  readonly seed: number;
}

/**
 * Default T: 350 for the unscaled network; the other policies run a fraction of it.
 *
 * @param image - encoding of the pictures; absent: other data
 */
export function standardTimesteps(policy: string, image?: PictureEncoding): number {
  return { lean: leanTimesteps(image), none: 350 }[policy] ?? 50;
}

/** Options of a run, with how its pictures are read, and with the T of that encoding where the user gave none. */
export function withImage(
  options: Omit<TrainOptions, 'image'>,
  { timesteps: given }: Pick<TrainFlags, 'timesteps'>,
  image: PictureEncoding,
): TrainOptions {
  const { point, timed } = options;
  const timesteps = given ?? (timed ? point.timesteps : standardTimesteps('lean', image));
  return { ...options, image, point: { ...point, timesteps } };
}

/**
 * Options of a run from those that the user gave, except the encoding of images, which depends on the data. Everything
 * is checked before anything is loaded or written.
 *
 * @throws TopsparkError `out_of_range` or `bad_combination` naming the option
 */
export function trainOptions(flags: TrainFlags): Omit<TrainOptions, 'image'> {
  const { neurons, exit, samples, testSamples, labels, labelsFirst, seed } = flags;
  checkInteger('--neurons', neurons, 10, 6400);
  checkCombination(flags);
  const { policy, own } = readPolicy(flags.policy);
  const standard = leanPoint(neurons);
  const {
    timesteps = standardTimesteps(policy),
    events = standard.events,
    keep = standard.keep,
    exitFirst = 0,
  } = flags;
  const point = { timesteps, events, keep, exitFirst, exit };
  checkOperatingPoint(point, 'the operating point');
  checkInteger('--samples', samples, 1, 1e9);
  checkInteger('--test-samples', testSamples, 1, 1e9);
  checkNumber('--labels', labels, 0, 1);
  if (labelsFirst !== undefined) checkInteger('--labels-first', labelsFirst, 0, 1e9);
  checkInteger('--seed', seed, 0, Number.MAX_SAFE_INTEGER);
  const common = {
    neurons,
    point,
    samples,
    testSamples,
    labels,
    ...(labelsFirst !== undefined && { labelsFirst }),
    seed,
  };
  const learn = flags.learn === 'novel' && { learn: flags.learn };
  const { linearReadout = 'auto' } = flags;
  const readout = linearReadout !== 'auto' && { linearReadout };
  return policy === 'lean'
    ? { ...common, ...learn, ...readout }
    : { ...common, timed: timedTraining(policy, flags, own) };
}

/**
 * Finds the policy that `--policy` names: a built-in one, or a file.
 *
 * @throws TopsparkError `policy_unreadable` or `bad_policy`
 */
export function readPolicy(policy: string): { readonly policy: PolicyName; readonly own?: OwnPolicy } {
  const known = policyNames.find((name) => name === policy);
  if (known !== undefined) return { policy: known };
  let text: string;
  try {
    text = readSmallText(policy);
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new TopsparkError('policy_unreadable', 'usage', `--policy ${policy} cannot be read: ${reason}`, { cause });
  }
  const { base, own } = parsePolicy(text, policy);
  return { policy: base, own };
}

/**
 * Reads the user's policy that a checkpoint was trained with, from the file that `--policy` names.
 *
 * @throws TopsparkError `policy_unreadable` or `bad_policy`
 */
export function basedPolicy(file: string): BasedPolicy {
  const { policy, own } = readPolicy(file);
  if (own && policy !== 'lean') return { base: policy, own };
  throw new TopsparkError('bad_policy', 'usage', `--policy is ${file}, expected a YAML file`);
}

function timedTraining(policy: TimedPolicyName, flags: TrainFlags, own: OwnPolicy | undefined): TimedTraining {
  const { rule = 'pair', encoding = timedEncodings[policy], labelSamples = 10_000 } = flags;
  checkInteger('--label-samples', labelSamples, 0, 1e9);
  return { policy, rule, encoding, labelSamples, ...(own && { own }) };
}

const leanOnly = { events: '--events', keep: '--keep', exitFirst: '--exit-first' } as const;
const timedOnly = { encoding: '--encoding', labelSamples: '--label-samples' } as const;

// Options that would be ignored are refused.
function checkCombination(flags: TrainFlags): void {
  const { policy, rule } = flags;
  const lean = policy === 'lean';
  if (!lean && flags.learn === 'novel') {
    refuse('--learn', flags.learn, policy, "'all': only lean can tell what it is sure of before it learns");
  }
  if (!lean && (flags.linearReadout ?? 'auto') !== 'auto') {
    refuse(
      '--linear-readout',
      flags.linearReadout ?? 'auto',
      policy,
      "'auto': the readouts of the others are the literature's",
    );
  }
  if (!lean && flags.labelsFirst !== undefined) {
    refuse('--labels-first', flags.labelsFirst, policy, 'only with lean: the others name neurons by --label-samples');
  }
  for (const [name, option] of Object.entries(lean ? timedOnly : leanOnly)) {
    const value = flags[name as keyof TrainFlags];
    if (value === undefined) continue;
    const why = lean
      ? 'only with none, paper and rate: lean places its events itself and names classes while it learns'
      : 'only with lean: with the others all neurons read all spikes';
    refuse(option, value, policy, why);
  }
  if (lean && rule !== undefined && rule !== 'expected') refuse('--rule', rule, policy, "'expected', the rule of lean");
}

function refuse(option: string, value: number | string, policy: string, expected: string): never {
  const message = `${option} is ${value} with --policy ${policy}, expected ${expected}`;
  throw new TopsparkError('bad_combination', 'usage', message);
}
