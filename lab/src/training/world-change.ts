import { Random } from 'topspark/base/random.js';
import type { WorldChange } from './life-options.js';

/** Pixels by which a shifted world has moved, right and down. */
const shiftBy = 3;

/**
 * Returns a function that changes an image as the world changes. The array that it returns is valid until the next
 * call.
 *
 * @param seed - decides the permutation of the pixels
 */
export function worldChange(
  change: WorldChange,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  seed: number,
): (image: Uint8Array) => Uint8Array {
  const size = rows * columns;
  const seen = new Uint8Array(size);
  const permuted = change === 'permute' ? new Random(seed + 1000).permutation(size) : undefined;
  const from = (at: number): number => {
    if (permuted) return permuted[at];
    const outside = at < shiftBy * columns || at % columns < shiftBy;
    return outside ? -1 : at - shiftBy * columns - shiftBy;
  };
  const source = Int32Array.from({ length: size }, (_, at) => from(at));
  return (image) => {
    for (let i = 0; i < size; i++) {
      if (change === 'invert') seen[i] = 255 - image[i];
      else seen[i] = source[i] < 0 ? 0 : image[source[i]];
    }
    return seen;
  };
}
