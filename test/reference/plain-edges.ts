import { hilbertScan } from '../../src/snn/lean/hilbert-scan.js';

/** The plain encoder's result for a picture. */
export interface PlainEdges {
  readonly intensities: Uint8Array;
  /** Largest |g_x| + |g_y|. */
  readonly steepest: number;
  readonly additions: number;
  readonly divisions: number;
}

/** Orientation columns pixel by pixel, as the head of src/snn/kernel/orientation-columns.ts has them. */
export function plainEdges(picture: Uint8Array, width: number, height: number): PlainEdges {
  const [W, H] = [width + (width % 2), height + (height % 2)];
  const [w, h] = [W / 2, H / 2];
  const clamp = (value: number, last: number): number => Math.min(last, Math.max(0, value));
  const pixel = (y: number, x: number): number => picture[clamp(y, height - 1) * width + clamp(x, width - 1)];
  const smooth = (value: (k: number) => number): number => value(-1) + 2 * value(0) + value(1);
  const gradients = Array.from({ length: H * W }, (_, i) => {
    // For an odd side the last pixel is repeated; beyond the edge the nearest pixel counts.
    const [y, x] = [Math.floor(i / W), i % W];
    const across = smooth((k) => pixel(y + k, x + 1)) - smooth((k) => pixel(y + k, x - 1));
    const down = smooth((k) => pixel(y + 1, x + k)) - smooth((k) => pixel(y - 1, x + k));
    return [across, down] as const;
  });
  const steepest = Math.max(...gradients.map(([gx, gy]) => Math.abs(gx) + Math.abs(gy)));
  const intensities = new Uint8Array(4 * h * w);
  // Two smoothings of two additions each, two differences, two magnitudes, a sum and a comparison.
  let additions = 10 * H * W;
  if (steepest < 20) return { intensities, steepest, additions, divisions: 0 };
  const pooled = Array.from({ length: 4 }, () => new Int32Array(h * w));
  const put = (k: number, y: number, x: number, m: number): void => {
    const [r, c] = [y >> 1, x >> 1];
    const [r2, c2] = [y % 2 === 0 ? r - 1 : r + 1, x % 2 === 0 ? c - 1 : c + 1];
    for (const [row, column, weight] of [
      [r, c, 9],
      [r, c2, 3],
      [r2, c, 3],
      [r2, c2, 1],
    ]) {
      if (row >= 0 && row < h && column >= 0 && column < w) pooled[k][row * w + column] += weight * m;
    }
    additions += m > 0 ? 6 : 0;
  };
  gradients.forEach(([gx, gy], i) => {
    const [a, b] = [Math.abs(gx), Math.abs(gy)];
    additions++;
    if (a + b <= steepest >> 5) return;
    additions += 4;
    const [y, x] = [Math.floor(i / W), i % W];
    put(a >= b ? 0 : 2, y, x, 2 * Math.abs(a - b));
    put((gx ^ gy) >= 0 ? 1 : 3, y, x, 3 * Math.min(a, b));
  });
  const energy = new Int32Array(h * w);
  for (let cell = 0; cell < h * w; cell++) {
    const [, second] = pooled.map((plane) => plane[cell]).sort((p, q) => q - p);
    for (const plane of pooled) {
      if (plane[cell] < second) plane[cell] = 0;
      energy[cell] += plane[cell];
    }
  }
  const at = (r: number, c: number): number => energy[clamp(r, h - 1) * w + clamp(c, w - 1)];
  const around = energy.map((_, cell) => {
    const [r, c] = [Math.floor(cell / w), cell % w];
    return smooth((j) => smooth((i) => at(r + i, c + j)));
  });
  additions += 19 * h * w;
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
