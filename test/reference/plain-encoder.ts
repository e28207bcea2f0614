import { add, divide, multiply } from './float32.js';

/** A sample as the network receives it, all lists in scan order. */
export interface PlainSample {
  /** x_i, after polarity. */
  readonly x: readonly number[];
  /** X. */
  readonly total: number;
  /** Inputs that are not zero. */
  readonly active: number;
  /** The picture was brighter than half. */
  readonly inverted: boolean;
}

/** Step 1: polarity and scan. */
export function readSample(pixels: Uint8Array, rows: number, columns: number, polarity: boolean): PlainSample {
  const sum = pixels.reduce((a, b) => a + b, 0);
  const inverted = polarity && sum / pixels.length > 127.5;
  const x = scanOrder(rows, columns).map((at) => (inverted ? 255 - pixels[at] : pixels[at]));
  return { x, total: x.reduce((a, b) => a + b, 0), active: x.filter((value) => value > 0).length, inverted };
}

/** Step 2: how many first and later events every input has. */
export function placeEvents({ x, total }: PlainSample, events: number): { first: number[]; later: number[] } {
  const first: number[] = [];
  const later: number[] = [];
  const perUnit = divide(events, total);
  let cumulative = 0;
  let [placed, early] = [0, 0];
  for (const value of x) {
    cumulative += value;
    const n = Math.min(events, Math.trunc(add(multiply(cumulative, perUnit), 0.5)));
    const e = Math.ceil(n / 8);
    first.push(e - early);
    later.push(n - placed - (e - early));
    [placed, early] = [n, e];
  }
  return { first, later };
}

/** f_i = x_i / (x_i + traceHalf X). */
export function traces({ x, total }: PlainSample, traceHalf: number): number[] {
  const half = multiply(Math.fround(traceHalf), total);
  return x.map((value) => (value === 0 ? 0 : divide(value, add(value, half))));
}

const scans = new Map<string, readonly number[]>();

/** The Hilbert curve drawn recursively: a square of side n from p to its other end along a, bulging along b. */
function scanOrder(rows: number, columns: number): readonly number[] {
  const key = `${rows}x${columns}`;
  const known = scans.get(key);
  if (known) return known;
  const found: number[] = [];
  let side = 1;
  while (side < Math.max(rows, columns)) side *= 2;
  const draw = (p: Vector, a: Vector, b: Vector, n: number): void => {
    const h = n / 2;
    if (n === 1) {
      if (p.x < columns && p.y < rows) found.push(p.y * columns + p.x);
      return;
    }
    draw(p, b, a, h);
    draw(plus(p, b, h), a, b, h);
    draw(plus(plus(p, b, h), a, h), a, b, h);
    draw(plus(plus(p, b, h - 1), a, n - 1), minus(b), minus(a), h);
  };
  if (rows === 1) for (let i = 0; i < columns; i++) found.push(i);
  else draw({ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }, side);
  scans.set(key, found);
  return found;
}

interface Vector {
  readonly x: number;
  readonly y: number;
}
const plus = (p: Vector, a: Vector, times: number): Vector => ({ x: p.x + a.x * times, y: p.y + a.y * times });
const minus = (a: Vector): Vector => ({ x: -a.x, y: -a.y });
