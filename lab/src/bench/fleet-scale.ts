import { mostPieceBytes } from 'topspark/fleet/pieces.js';
import { mostMembers } from 'topspark/node/fleet-exchange.js';

// How long it takes until each robot of a fleet has what every other one shares, by a simulation in steps of one second. Each robot
// fetches a piece of one robot after the other, no faster than its rate; each hands out no faster than its rate, to all together, where
// they ask each other. On a server robots put their version there once, and nobody waits for a sender. Discovery, retries and the
// middleware are not in it. Bytes and memory follow from the sizes.

/** A size of fleet, and what it takes. */
export interface ScaleRow {
  readonly robots: number;
  /** Received by each robot, and kept by it [byte]. */
  readonly bytes: number;
  /** Until every robot has everything [s]: on one subnet, and by a server. `null`: one subnet has no room for so many. */
  readonly subnet: number | null;
  readonly server: number;
  /** Kept by a server: two versions of each robot [byte]. */
  readonly kept: number;
}

/** What each robot shares, and how fast. */
export interface ScaleOptions {
  /** Chunks and manifest of one robot [byte]. */
  readonly bytes: number;
  /** Each way [byte/s]. */
  readonly rate: number;
}

/** @param sizes - robots of each fleet */
export function fleetScales(sizes: readonly number[], { bytes, rate }: ScaleOptions): ScaleRow[] {
  return sizes.map((robots) => ({
    robots,
    bytes: (robots - 1) * bytes,
    subnet: robots > mostMembers + 1 ? null : spread(robots, bytes, rate, true),
    // Its own version is put there first.
    server: bytes / rate + spread(robots, bytes, rate, false),
    kept: 2 * robots * bytes,
  }));
}

/** [s] */
function spread(robots: number, bytes: number, rate: number, asked: boolean): number {
  const missing = Array.from({ length: robots }, (_, own) => {
    return Float64Array.from({ length: robots }, (_each, other) => (other === own ? 0 : bytes));
  });
  const left = new Float64Array(robots).fill((robots - 1) * bytes);
  // Robots do not begin with the same one.
  const turn = Int32Array.from({ length: robots }, (_, own) => (own + 1) % robots);
  for (let seconds = 1; ; seconds++) {
    const out = new Float64Array(robots).fill(asked ? rate : Infinity);
    for (let k = 0; k < robots; k++) {
      // Who asks first in a second gets what there is: they take turns in that, too.
      const own = (k + seconds) % robots;
      let may = rate;
      for (let tried = 0; tried < robots && may > 0 && left[own] > 0; tried++) {
        const other = turn[own];
        const piece = Math.min(may, mostPieceBytes, missing[own][other], out[other]);
        missing[own][other] -= piece;
        out[other] -= piece;
        left[own] -= piece;
        may -= piece;
        turn[own] = (other + 1) % robots;
      }
    }
    if (left.every((each) => each < 1)) return seconds;
  }
}
