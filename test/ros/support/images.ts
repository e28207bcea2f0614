import type { Fields } from './peer.js';

const side = 28;

/** A stamp `index` × 20 ms after an arbitrary start. */
export function stampOf(index: number): { sec: number; nanosec: number } {
  return { sec: 1000 + Math.floor(index / 50), nanosec: (index % 50) * 20_000_000 };
}

/** One of ten kinds of picture: a bright bar at its own place, moved and dimmed a little from image to image. */
export function image(index: number, kind = index % 10): Fields {
  const data = new Uint8Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const across = kind < 5 ? row : column;
      const centre = 3 + (kind % 5) * 5 + (index % 3) * 0.5;
      data[row * side + column] = Math.max(0, 250 - 110 * Math.abs(across - centre) - (index % 7));
    }
  }
  return imageMessage(index, { data });
}

/** An image message with a correct header for mono8 28×28, and a test's changes. */
export function imageMessage(index: number, changes: Fields): Fields {
  const header = { stamp: stampOf(index), frame_id: 'camera' };
  return { header, width: side, height: side, encoding: 'mono8', is_bigendian: 0, step: side, ...changes };
}

/** The label of the image with that index. */
export function label(index: number, name = `kind ${index % 10}`): Fields {
  return { header: { stamp: stampOf(index), frame_id: '' }, label: name };
}

/** The quality of service of sensors. */
export const sensorQos = { reliability: 'best_effort', depth: 1 } as const;
