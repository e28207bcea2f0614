/**
 * Enlarges a square of bytes linearly between the centres of its pixels; beyond the outermost centres values stay
 * constant. Repeating pixels would create edges that no camera sees, and a pretrained network would see them.
 *
 * @param from - `side` × `side` bytes
 * @param into - `size` × `size` bytes, `size` ≥ `side`
 */
export function enlarge(from: Uint8Array, side: number, into: Uint8Array, size: number): void {
  for (let r = 0; r < size; r++) {
    const [above, below, down] = between(r, side, size);
    for (let c = 0; c < size; c++) {
      const [left, right, over] = between(c, side, size);
      const upper = from[above * side + left] * (1 - over) + from[above * side + right] * over;
      const lower = from[below * side + left] * (1 - over) + from[below * side + right] * over;
      into[r * size + c] = Math.floor(upper * (1 - down) + lower * down + 0.5);
    }
  }
}

/** The two pixels whose centres enclose a position, and the distance from the first. */
function between(at: number, side: number, size: number): readonly [number, number, number] {
  const place = Math.min(side - 1, Math.max(0, ((at + 0.5) * side) / size - 0.5));
  const first = Math.floor(place);
  return [first, Math.min(side - 1, first + 1), place - first];
}
