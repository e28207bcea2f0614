import type { Snapshot } from 'topspark/base/snapshot.js';
import type { Dataset, Split } from '../../datasets/dataset.js';
import { measurePoints } from '../../training/measure-points.js';
import { trainRun } from '../../training/train-run.js';
import { standardImage } from '../../training/picture-encodings.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { OperatingProfile } from 'topspark/timestep/controller/profile.js';
import { shippedProfile } from 'topspark/timestep/controller/shipped-profile.js';

/** The point of training; the table also uses it for runs without a controller. */
export const defaultPoint: OperatingPoint = { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 };

/** Sizes of training and measuring before the day begins. */
export interface MorningOptions {
  readonly neurons: number;
  /** Images that are learned, and further images on which the profile is measured. */
  readonly learned: number;
  readonly measured: number;
  readonly seed: number;
}

/** State at the start of the day. */
export interface Morning {
  readonly profile: OperatingProfile;
  readonly snapshot: Snapshot;
}

/**
 * Trains a network and measures its operating points on images that it has not learned.
 *
 * @param progress - called with the number of samples done
 */
export function morning(
  dataset: Dataset,
  { neurons, learned, measured, seed }: MorningOptions,
  progress: (done: number) => void,
): Morning {
  const parts: Dataset = {
    ...dataset,
    train: cut(dataset, 0, learned),
    test: cut(dataset, learned, learned + measured),
  };
  const common = { neurons, samples: learned, testSamples: measured, labels: 1, image: standardImage, seed } as const;
  const outcome = trainRun(parts, { ...common, point: defaultPoint }, progress);
  const points = shippedProfile.points.map(({ point }) => point);
  const measuredPoints = measurePoints(outcome, { ...common, point: defaultPoint }, points, progress);
  return {
    profile: { policy: 'lean', points: measuredPoints.map(({ measured: each }) => each) },
    snapshot: outcome.classifier.snapshot(),
  };
}

function cut(dataset: Dataset, from: number, to: number): Split {
  const size = dataset.rows * dataset.columns;
  const { images, labels } = dataset.train;
  return { count: to - from, images: images.subarray(from * size, to * size), labels: labels.subarray(from, to) };
}
