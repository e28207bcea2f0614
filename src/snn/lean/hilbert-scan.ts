/**
 * Order in which the inputs are read: the Hilbert curve over the smallest 2^m square that contains the picture, without
 * the cells outside the picture. Successive inputs are then neighbours in both directions. The conversion from distance
 * to (x, y) is the usual one; x is the column. A signal of one row keeps its order.
 *
 * @returns for each rank the row-major index, length rows × columns
 */
export function hilbertScan(rows: number, columns: number): Uint16Array {
  const scan = new Uint16Array(rows * columns);
  if (rows === 1) return scan.map((_, index) => index);
  let side = 1;
  while (side < Math.max(rows, columns)) side *= 2;
  let found = 0;
  for (let distance = 0; distance < side * side;) {
    const { x, y } = cell(distance, side);
    if (x < columns && y < rows) {
      scan[found++] = y * columns + x;
      distance++;
    } else distance += outside(distance, x, y, rows, columns);
  }
  return scan;
}

// Number of cells in the largest square of the curve that begins here and lies outside the picture. They are skipped at
// once, since a long thin picture fills only a small part of its square.
function outside(distance: number, x: number, y: number, rows: number, columns: number): number {
  let size = 1;
  for (;;) {
    const next = 2 * size;
    const begins = distance % (next * next) === 0;
    const [left, top] = [x - (x % next), y - (y % next)];
    if (!begins || (left < columns && top < rows)) return size * size;
    size = next;
  }
}

function cell(distance: number, side: number): { x: number; y: number } {
  let x = 0;
  let y = 0;
  let rest = distance;
  for (let size = 1; size < side; size *= 2) {
    const right = 1 & (rest >> 1);
    const down = 1 & (rest ^ right);
    if (down === 0) {
      if (right === 1) {
        x = size - 1 - x;
        y = size - 1 - y;
      }
      [x, y] = [y, x];
    }
    x += size * right;
    y += size * down;
    rest >>= 2;
  }
  return { x, y };
}
