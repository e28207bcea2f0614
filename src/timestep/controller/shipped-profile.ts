import { type OperatingPoint, sameWork } from '../policy/operating-point.js';
import { modeNames, type ModeTable } from './modes.js';
import type { OperatingProfile } from './profile.js';
import { shippedPoints, shippedPolicy } from './shipped-points.js';

/**
 * Expectations at the shipped modes' points and at points between them, used until the user measures a profile.
 * Latencies are those of the measuring machine; the controller corrects them by observation.
 */
export const shippedProfile: OperatingProfile = { policy: shippedPolicy, points: shippedPoints };

/** The shipped profile, if it has the point of every mode; `undefined`: modes use their own points. */
export function profileOf(modes: ModeTable): OperatingProfile | undefined {
  const known = (point: OperatingPoint): boolean => shippedProfile.points.some((each) => sameWork(each.point, point));
  return modeNames.every((name) => known(modes[name].point)) ? shippedProfile : undefined;
}
