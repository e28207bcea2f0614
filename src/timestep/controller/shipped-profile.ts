import { type OperatingPoint, sameWork } from '../policy/operating-point.js';
import { modeNames, type ModeTable } from './modes.js';
import type { OperatingProfile } from './profile.js';
import { shippedPoints, shippedPolicy } from './shipped-points.js';

/**
 * What is expected of the shipped modes and points between them until a profile of one's own is measured. Latencies are
 * those of the machine that measured; what differs on the robot is found by watching.
 */
export const shippedProfile: OperatingProfile = { policy: shippedPolicy, points: shippedPoints };

/** The shipped profile where every mode's point is in it; a user's own points are used as they stand. */
export function profileOf(modes: ModeTable): OperatingProfile | undefined {
  const known = (point: OperatingPoint): boolean => shippedProfile.points.some((each) => sameWork(each.point, point));
  return modeNames.every((name) => known(modes[name].point)) ? shippedProfile : undefined;
}
