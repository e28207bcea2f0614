import type { RangeScan } from '../../src/sensing/range/range-scan.js';

/** A scan of 0.1..10 m. By default its beams divide the circle. */
export function scan(
  ranges: readonly number[],
  angleMin = 0,
  angleIncrement = (2 * Math.PI) / ranges.length,
): RangeScan {
  return { ranges: Float32Array.from(ranges), angleMin, angleIncrement, rangeMin: 0.1, rangeMax: 10 };
}

/** Distances in a room, with the robot at a given place and heading [m]. */
export function room(beams: number, heading: number): number[] {
  return Array.from({ length: beams }, (_, i) => {
    const angle = heading + (2 * Math.PI * (i + 0.5)) / beams;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    return Math.min((x > 0 ? 3 : 1.5) / Math.abs(x), (y > 0 ? 2 : 1) / Math.abs(y));
  });
}
