import { hilbertScan } from '../../src/snn/lean/hilbert-scan.js';
import type { PlainEdges } from './plain-edges.js';

/** Directions of the sixteen planes that are no mirror images: within 45°, with the factors of their lengths. */
const octant = [
  [1, 0, 4],
  [2, 1, 9],
  [1, 1, 6],
] as const;
const tent = [1, 3, 5, 7, 7, 5, 3, 1];

/**
 * Directions of gradients pixel by pixel, as the head of src/snn/kernel/gradient-directions.ts has them.
 *
 * @param planes - one plane of a grey picture, or three
 */
export function plainScene(planes: readonly Uint8Array[], width: number, height: number): PlainEdges {
  const [W, H] = [4 * Math.ceil(width / 4), 4 * Math.ceil(height / 4)];
  const [w, h] = [W / 4, H / 4];
  const clamp = (value: number, last: number): number => Math.min(last, Math.max(0, value));
  const smooth = (value: (k: number) => number): number => value(-1) + 2 * value(0) + value(1);
  const steepness = ([gx, gy]: readonly [number, number]): number => Math.abs(gx) + Math.abs(gy);
  const gradients = Array.from({ length: H * W }, (_, i) => {
    const [y, x] = [Math.floor(i / W), i % W];
    const ofPlane = planes.map((plane): readonly [number, number] => {
      const pixel = (r: number, c: number): number => plane[clamp(r, height - 1) * width + clamp(c, width - 1)];
      return [
        smooth((k) => pixel(y + k, x + 1)) - smooth((k) => pixel(y + k, x - 1)),
        smooth((k) => pixel(y + 1, x + k)) - smooth((k) => pixel(y - 1, x + k)),
      ];
    });
    return ofPlane.reduce((best, next) => (steepness(next) > steepness(best) ? next : best));
  });
  const steepest = Math.max(...gradients.map(steepness));
  const intensities = new Uint8Array(16 * h * w);
  // As for edges; a further plane replaces what is less steep by the comparison with the largest.
  let additions = 10 * H * W * planes.length;
  if (steepest < 20) return { intensities, steepest, additions, divisions: 0 };
  additions += H * W;
  const pooled = Array.from({ length: 16 }, () => new Int32Array(h * w));
  const put = (k: number, y: number, x: number, m: number): void => {
    for (const r of [0, 1, 2].map((d) => (y >> 2) + d - 1)) {
      for (const c of [0, 1, 2].map((d) => (x >> 2) + d - 1)) {
        if (r < 0 || r >= h || c < 0 || c >= w) continue;
        // The 8 × 8 pixels around the cell begin two pixels before it.
        pooled[k][r * w + c] += (tent[y - 4 * r + 2] ?? 0) * (tent[x - 4 * c + 2] ?? 0) * m;
      }
    }
    additions += 10;
  };
  gradients.forEach(([gx, gy], i) => {
    if (Math.abs(gx) + Math.abs(gy) <= steepest >> 5) return;
    additions += 10;
    const [a, b] = [Math.max(Math.abs(gx), Math.abs(gy)), Math.min(Math.abs(gx), Math.abs(gy))];
    // (a, b) as a sum of the two directions beside it: their parts are determinants.
    const first = a >= 2 * b ? 0 : 1;
    const [[ux, uy, lengthU], [vx, vy, lengthV]] = [octant[first], octant[first + 1]];
    for (const [x, y, m] of [
      [ux, uy, lengthU * (a * vy - b * vx)],
      [vx, vy, lengthV * (b * ux - a * uy)],
    ]) {
      if (m === 0) continue;
      const [alongX, alongY] = Math.abs(gx) >= Math.abs(gy) ? [x, y] : [y, x];
      const angle = Math.atan2(gy < 0 ? -alongY : alongY, gx < 0 ? -alongX : alongX);
      put((16 + Math.round((8 * angle) / Math.PI)) % 16, Math.floor(i / W), i % W, m);
    }
  });
  const energy = new Int32Array(h * w);
  for (let cell = 0; cell < h * w; cell++) {
    for (const plane of pooled) plane[cell] >>= 4;
    const [, , , fourth] = pooled.map((plane) => plane[cell]).sort((p, q) => q - p);
    for (const plane of pooled) {
      if (plane[cell] < fourth) plane[cell] = 0;
      energy[cell] += plane[cell];
    }
  }
  const at = (r: number, c: number): number => energy[clamp(r, h - 1) * w + clamp(c, w - 1)];
  const around = energy.map((_, cell) => {
    const [r, c] = [Math.floor(cell / w), cell % w];
    return smooth((j) => smooth((i) => at(r + i, c + j)));
  });
  // Four comparisons for each of sixteen, sixteen with the fourth, fifteen sums; six for L and its largest.
  additions += 101 * h * w;
  const atLeast = Math.max(...around) >> 3;
  let divisions = 0;
  hilbertScan(h, w).forEach((cell, rank) => {
    pooled.forEach((plane, k) => {
      if (plane[cell] === 0) return;
      divisions++;
      intensities[k * h * w + rank] = Math.min(255, Math.floor((5824 * plane[cell]) / (around[cell] + atLeast)));
    });
  });
  return { intensities, steepest, additions, divisions };
}
