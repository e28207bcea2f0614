import type { OperatingPoint } from './operating-point.js';
import { samePoint } from './operating-point.js';
import { modeNames, type ModeTable } from './modes.js';
import type { OperatingProfile, ProfilePoint } from './profile.js';

// Measured: lean, N = 400, contrast images, 20,000 samples of MNIST learned at 35/200/48 with every label, seed 1; accuracy
// and recall on the last 10,000 training images, which it had not seen; energy with the costs of 45 nm CMOS.

const samples = 10_000;

function measured(
  [timesteps, events, keep, exitFirst = 0, exit = 0]: readonly number[],
  [accuracy, recall]: readonly [number, number],
  [train, infer]: readonly [number, number],
): ProfilePoint {
  const point: OperatingPoint = { timesteps, events, keep, exitFirst, exit };
  const spread = 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / samples);
  const bounds = { accuracyLow: accuracy - spread, accuracyHigh: accuracy + spread };
  const energy = { train: train * 1e-6, infer: infer * 1e-6 };
  // On a desktop core; what differs on the robot is found by watching.
  const latency = { train: 40e-6, infer: 30e-6 };
  return { point, samples, accuracy, ...bounds, recall, energy, latency };
}

/** What is expected of the shipped modes and points between them until a profile of one's own is measured. */
export const shippedProfile: OperatingProfile = {
  policy: 'lean',
  points: [
    measured([35, 400, 96], [0.9373, 0.9367], [0.4319, 0.4125]),
    measured([35, 200, 48], [0.9354, 0.9348], [0.189, 0.1694]),
    measured([35, 200, 48, 6, 3], [0.9337, 0.9331], [0.1887, 0.1134]),
    measured([16, 150, 24], [0.9334, 0.9328], [0.1227, 0.0971]),
    measured([16, 150, 24, 6, 3], [0.9272, 0.9265], [0.1229, 0.0817]),
    measured([8, 100, 24], [0.9216, 0.9208], [0.1025, 0.0729]),
    measured([8, 100, 24, 6, 3], [0.9104, 0.9094], [0.1029, 0.0648]),
  ],
};

/** The shipped profile where every mode's point is in it; a user's own points are used as they stand. */
export function profileOf(modes: ModeTable): OperatingProfile | undefined {
  const known = (point: OperatingPoint): boolean => shippedProfile.points.some((each) => samePoint(each.point, point));
  return modeNames.every((name) => known(modes[name].point)) ? shippedProfile : undefined;
}
