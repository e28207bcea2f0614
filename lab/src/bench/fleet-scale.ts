import { mostPieceBytes } from 'topspark/fleet/pieces.js';
import { mostMembers } from 'topspark/node/fleet-exchange.js';

// Estimates how long it takes until each robot of a fleet has what all others share, by a simulation in steps of one
// second. Each robot fetches pieces from one robot after another, within its rate. On a subnet each robot also sends
// within its rate, for all requests together. With a server, robots upload their version once, and no one waits for a
// sender. Discovery, retries and the middleware are left out. Bytes and memory follow from the sizes.

/** Result for a size of fleet. */
export interface ScaleRow {
  readonly robots: number;
  /** Bytes that each robot receives and keeps. */
  readonly bytes: number;
  /**
   * Time until every robot has everything [s]: on one subnet, and with a server. `null`: too many robots for one
   * subnet.
   */
  readonly subnet: number | null;
  readonly server: number;
  /** Bytes that a server keeps: two versions of each robot. */
  readonly kept: number;
}

/** What each robot shares, and its rate. */
export interface ScaleOptions {
  /** Chunks and manifest of one robot [byte]. */
  readonly bytes: number;
  /** Rate in each direction [byte/s]. */
  readonly rate: number;
}

/** @param sizes - numbers of robots */
export function fleetScales(sizes: readonly number[], { bytes, rate }: ScaleOptions): ScaleRow[] {
  return sizes.map((robots) => ({
    robots,
    bytes: (robots - 1) * bytes,
    subnet: robots > mostMembers + 1 ? null : spread(robots, bytes, rate, true),
    // Each robot first uploads its own version.
    server: bytes / rate + spread(robots, bytes, rate, false),
    kept: 2 * robots * bytes,
  }));
}

/** Simulated time [s]. `asked`: robots also send, within their rate. */
function spread(robots: number, bytes: number, rate: number, asked: boolean): number {
  const missing = Array.from({ length: robots }, (_, own) => {
    return Float64Array.from({ length: robots }, (_each, other) => (other === own ? 0 : bytes));
  });
  const left = new Float64Array(robots).fill((robots - 1) * bytes);
  // Each robot begins with a different sender.
  const turn = Int32Array.from({ length: robots }, (_, own) => (own + 1) % robots);
  for (let seconds = 1; ; seconds++) {
    const out = new Float64Array(robots).fill(asked ? rate : Infinity);
    for (let k = 0; k < robots; k++) {
      // Robots that ask early in a second get more. The order changes each second, so that none is favoured.
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
