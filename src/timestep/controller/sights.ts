import { TopsparkError } from '../../base/errors.js';
import { sightAt, type Sight } from '../../sensing/sensor.js';
import type { OperatingPoint } from '../policy/operating-point.js';
import { modeNames, type ModeTable } from './modes.js';
import type { OperatingProfile, ProfilePoint } from './profile.js';

// Operating points have a resolution only if a sensor has the encoding embedding. The cost of a picture is measured on
// this machine. It replaces the cost in a profile, which may be from another machine.

/**
 * Limits modes to the available resolutions. Each gets the largest that does not exceed its own, or else the smallest.
 * A mode without a resolution gets the largest.
 *
 * @param sights - largest first; empty: no mode gets a resolution
 */
export function modesAt(modes: ModeTable, sights: readonly Sight[]): ModeTable {
  const at = (point: OperatingPoint): OperatingPoint => {
    const { resolution: cap, ...work } = point;
    const sight = sightAt(sights, cap);
    if (sight !== undefined) return { ...work, resolution: sight.resolution };
    return cap === undefined ? point : work;
  };
  const rows = modeNames.map((name) => [name, { ...modes[name], point: at(modes[name].point) }] as const);
  return Object.fromEntries(rows) as unknown as ModeTable;
}

/**
 * Replaces the cost of pictures in a profile by their cost on this machine. Points at resolutions that are not
 * available here are left out. Points without a resolution, from an older profile, use the largest one, and no mode
 * limits it.
 *
 * @param sights - largest first
 * @param energy - converts CPU time [µs] to energy [J]
 * @throws {@link TopsparkError} `bad_profile` where no point is left
 */
export function profileAt(
  profile: OperatingProfile,
  sights: readonly Sight[],
  energy: (microseconds: number) => number,
): OperatingProfile {
  const points = profile.points.flatMap((each): ProfilePoint[] => {
    const { resolution } = each.point;
    if (resolution === undefined) return [each];
    const sight = sights.find((own) => own.resolution === resolution);
    if (sight === undefined) return [];
    const { frontEndEnergy = 0, frontEndLatency = 0 } = each;
    const own = { frontEndEnergy: energy(sight.microseconds), frontEndLatency: sight.microseconds * 1e-6 };
    return [
      {
        ...each,
        ...own,
        energy: moved(each.energy, own.frontEndEnergy - frontEndEnergy),
        latency: moved(each.latency, own.frontEndLatency - frontEndLatency),
      },
    ];
  });
  if (points.length > 0) return { ...profile, points };
  const found = [...new Set(profile.points.map(({ point }) => point.resolution))].join(', ');
  const here = sights.map(({ resolution }) => resolution).join(', ');
  const expected = here === '' ? 'none, as no sensor sees through a prepared model' : `one of ${here}`;
  throw new TopsparkError('bad_profile', 'usage', `the resolutions of the profile are ${found}, expected ${expected}`);
}

const moved = ({ train, infer }: ProfilePoint['energy'], by: number): ProfilePoint['energy'] => ({
  train: train + by,
  infer: infer + by,
});
