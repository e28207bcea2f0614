import type { ImageEncoding } from 'topspark/sensing/image/image-sensor.js';
import type { SpikeRule } from 'topspark/snn/timed/timed-baseline.js';
import type { LifeStage } from '../training/life-options.js';
import type { PictureEncoding } from '../training/picture-encodings.js';
import type { DraftOf } from './drafts.js';
import { leanPoint, leanTimesteps } from 'topspark/timestep/policy/lean-policy.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { timedEncodings, type TimedPolicyName } from 'topspark/timestep/policy/timed-policy.js';

/** The two data sets of the literature, with their names in the tables. */
export const imageSets = [
  ['mnist', 'MNIST'],
  ['fashion-mnist', 'Fashion-MNIST'],
] as const;

/** Names of the policies, in the order of the tables. */
export const policies = ['none', 'paper', 'rate', 'lean'] as const;

/** Name of a policy. */
export type ReproducedPolicy = (typeof policies)[number];

/** A network that is trained and tested at T. */
export interface TrainCell {
  readonly dataset: string;
  readonly policy: ReproducedPolicy;
  readonly timesteps: number;
  readonly neurons: number;
  readonly samples: number;
  readonly seed: number;
  readonly rule?: SpikeRule;
  readonly image?: ImageEncoding;
}

/** Operating point of a policy at T. */
export function pointAt(neurons: number, timesteps: number): OperatingPoint {
  return { ...leanPoint(neurons), timesteps };
}

/**
 * The run of a cell. By default it uses plain intensities; it always uses all labels. With spikes in time, neurons get
 * their classes in a pass over half as many samples, without learning.
 */
export function trainJob(cell: TrainCell): DraftOf<'train'> {
  const { dataset, policy, timesteps, neurons, samples, seed, rule = 'pair', image = 'plain' } = cell;
  const common = {
    neurons,
    point: pointAt(neurons, timesteps),
    samples,
    testSamples: Math.min(10_000, samples / 2),
    labels: 1,
    seed,
  };
  const options = { ...common, image };
  if (policy === 'lean') return { kind: 'train', dataset, options };
  const timed = { policy, rule, encoding: timedEncodings[policy], labelSamples: samples / 2 };
  return { kind: 'train', dataset, options: { ...options, timed } };
}

/** A life (a scenario of several stages) in a table. */
export interface LifeCell {
  readonly dataset: string;
  readonly neurons: number;
  readonly seed: number;
  readonly stages: readonly LifeStage[];
  readonly labels?: number;
  readonly image?: ImageEncoding;
  readonly policy?: TimedPolicyName;
}

/** The run of a life. By default it uses plain intensities and all labels. */
export function lifeJob(cell: LifeCell): DraftOf<'life'> {
  const { dataset, neurons, seed, stages, labels = 1, image = 'plain', policy } = cell;
  const options = { neurons, image, labels, seed, stages };
  if (!policy) return { kind: 'life', dataset, options };
  const timed = { policy, rule: 'pair' as const, encoding: timedEncodings[policy] };
  return { kind: 'life', dataset, options: { ...options, timed } };
}

/** The default point where pictures are read like this. */
export const pointOfEncoding = (neurons: number, image: PictureEncoding): OperatingPoint =>
  pointAt(neurons, leanTimesteps(image));

/** A point with the early exits of the tables. */
export const withExits = (point: OperatingPoint): OperatingPoint => ({ ...point, exitFirst: 6, exit: 3 });

/** The economy point for N ≥ 100, without early exits. */
export const economy: OperatingPoint = { timesteps: 35, events: 150, keep: 24, exitFirst: 0, exit: 0 };

/**
 * The economy point of an encoding. That of `edges` was the best on held-out images of Fashion-MNIST that stays with its
 * front end below the default point of plain pictures (docs/eyes.md).
 */
export const economyOf = (image: PictureEncoding): OperatingPoint =>
  image === 'edges' ? { ...economy, timesteps: leanTimesteps(image), events: 140, keep: 40 } : economy;
