import type { Picture } from './glyphs.js';

/** Side of the picture [pixel]. */
const side = 28;
/** Width of a pixel [m]. */
const scale = 0.6;

/**
 * Draws a laser scan seen from above: the robot is in the middle, ahead is up.
 *
 * @param angleMin - bearing of the first beam [rad]
 * @param angleIncrement - angle between two beams [rad]
 * @param ranges - [m]; not finite where nothing was detected
 */
export function scanPicture(angleMin: number, angleIncrement: number, ranges: ArrayLike<number>): Picture {
  const data = new Uint8Array(side * side);
  const middle = side / 2;
  for (let k = 0; k < ranges.length; k++) {
    const bearing = angleMin + k * angleIncrement;
    const column = Math.floor(middle - (ranges[k] * Math.sin(bearing)) / scale);
    const row = Math.floor(middle - (ranges[k] * Math.cos(bearing)) / scale);
    if (column >= 0 && column < side && row >= 0 && row < side) data[row * side + column] = 255;
  }
  data[middle * side + middle] = 255;
  return { width: side, height: side, data };
}
