import { atOnce } from 'topspark/base/slices.js';
import type { Snapshot } from 'topspark/base/snapshot.js';
import { Contributions } from 'topspark/fleet/contributions.js';
import { mergeFleet } from 'topspark/fleet/merge.js';
import { contributionOf } from 'topspark/fleet/own-contribution.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { placeRun, type PlaceRunOptions } from '../world/place-run.js';

// A first robot learns kinds of places from its laser with labels. A second robot drives alone, merges what the first
// one shares, and drives again. In the same building it gets no labels; in another building it gets a quarter of the
// labels. Drives differ in tour, people and noise. Each recall is the mean over the kinds of places, in the second half
// of a drive.

/** Mean recalls, 0..1. */
export interface FleetLaserResult {
  /** The first robot, on its own drive. */
  readonly first: number;
  /** In the same building, without labels: a second robot after the merge, and the first robot on that same drive. */
  readonly same: number;
  readonly sameFirst: number;
  /** In another building, with a quarter of the labels: a second robot after the merge, and without it. */
  readonly other: number;
  readonly otherAlone: number;
}

/** Options of the drives. */
export interface FleetLaserOptions {
  readonly seed: number;
  readonly neurons: number;
  /** Duration of each drive [s]. */
  readonly duration: number;
  /** Share of the scans that have a label for the first robot, 0..1. */
  readonly labels: number;
}

/** Number of drives in {@link fleetLaser}. */
export const laserDrives = 7;

/** @param progress - called after each drive */
export function fleetLaser(
  { seed, neurons, duration, labels }: FleetLaserOptions,
  progress: () => void,
): FleetLaserResult {
  const point = leanPoint(neurons);
  const drive = (options: Pick<PlaceRunOptions, 'seed' | 'building' | 'labels' | 'start'>) => {
    const outcome = placeRun({ neurons, point, duration, rate: 10, ...options }, () => undefined);
    progress();
    return { recall: outcome.result.recall, snapshot: outcome.snapshot };
  };
  const merged = (mine: Snapshot, other: Snapshot): Snapshot => {
    const shared = atOnce(contributionOf(other, { robot: 'first', version: 1, when: 0 }));
    return atOnce(mergeFleet(mine, Contributions.none.with(shared), 'second')).snapshot;
  };
  const first = drive({ seed, building: seed, labels });
  const tours = [1, 2, 3, 4].map((k) => seed + 1_000_000 * k);
  const here = { building: seed, labels: 0 };
  const alone = drive({ ...here, seed: tours[0] });
  const same = drive({ ...here, seed: tours[1], start: merged(alone.snapshot, first.snapshot) });
  const sameFirst = drive({ ...here, seed: tours[1], start: first.snapshot });
  const there = { building: seed + 1, labels: labels / 4 };
  const taught = drive({ ...there, seed: tours[2] });
  const other = drive({ ...there, seed: tours[3], start: merged(taught.snapshot, first.snapshot) });
  const otherAlone = drive({ ...there, seed: tours[3], start: taught.snapshot });
  return {
    ...{ first: first.recall, same: same.recall, sameFirst: sameFirst.recall },
    ...{ other: other.recall, otherAlone: otherAlone.recall },
  };
}
