import { add, divide, multiply, subtract } from './float32.js';
import { plainStream } from './plain-random.js';
import type { SpikeEncoding } from '../../src/snn/timed/timed-baseline.js';

/** An active input of a sample: its place in the scan and its intensity. */
export interface PlainInput {
  readonly rank: number;
  readonly x: number;
}

/** When an input may spike, and from which random numbers. */
export interface PlainSchedule {
  readonly steps: number;
  readonly perIntensity: number;
  readonly draw: (counter: number) => number;
  readonly phases: (rank: number) => number;
}

/** By step, which of the active inputs spike (as indices into `inputs`). */
export function plainSpikes(
  inputs: readonly PlainInput[],
  encoding: SpikeEncoding,
  schedule: PlainSchedule,
): readonly (readonly number[])[] {
  const spikes = Array.from({ length: schedule.steps }, (): number[] => []);
  inputs.forEach((input, k) => {
    for (const t of timesOf(input, inputs, encoding, schedule)) spikes[t].push(k);
  });
  return spikes;
}

function timesOf(
  input: PlainInput,
  inputs: readonly PlainInput[],
  encoding: SpikeEncoding,
  { steps, perIntensity, draw, phases }: PlainSchedule,
): readonly number[] {
  const p = plainChance(input, perIntensity);
  const most = Math.max(...inputs.map(({ x }) => x));
  switch (encoding) {
    case 'poisson':
      return poissonTimes(p, steps, (n) => draw(1024 * input.rank + n));
    case 'regular':
      return regularTimes(p, steps, phases(input.rank) / 65536);
    case 'ttfs':
      return 10 * input.x >= most ? [Math.floor(((most - input.x) * steps) / most)].filter((t) => t < steps) : [];
    case 'direct':
      return [];
  }
}

/** p_i. */
export const plainChance = ({ x }: PlainInput, perIntensity: number): number => Math.min(1, multiply(x, perIntensity));

function poissonTimes(p: number, steps: number, draw: (n: number) => number): number[] {
  const lambda = p < 0.25 ? twiceArtanh(divide(p, subtract(2, p))) : -logarithm(subtract(1, p));
  const spread = p < 1 ? divide(1, lambda) : 0;
  const times: number[] = [];
  for (let n = 0, t = -1; ; n++) {
    const u = multiply((draw(n) >>> 8) | 1, 2 ** -24);
    t += 1 + Math.min(1000, Math.trunc(multiply(-logarithm(u), spread)));
    if (t >= steps) return times;
    times.push(t);
  }
}

function regularTimes(p: number, steps: number, phase: number): number[] {
  const period = 1 / p;
  const times: number[] = [];
  for (let n = 1; ; n++) {
    const t = Math.ceil((n - phase) * period) - 1;
    if (t >= steps) return times;
    times.push(t);
  }
}

/** ln u of a positive u, in the kernel's way (kernel/timed/logarithm.ts). */
export function logarithm(u: number): number {
  const bits = new Int32Array(Float32Array.of(u).buffer)[0];
  const e = (bits - 0x3f3504f3) >> 23;
  const m = new Float32Array(Int32Array.of(bits - (e << 23)).buffer)[0];
  const series = twiceArtanh(divide(subtract(m, 1), add(m, 1)));
  return add(multiply(e, Math.fround(Math.LN2)), series);
}

function twiceArtanh(s: number): number {
  const q = multiply(s, s);
  let sum = multiply(q, Math.fround(1 / 7));
  sum = multiply(q, add(sum, Math.fround(1 / 5)));
  sum = multiply(q, add(sum, Math.fround(1 / 3)));
  return multiply(add(s, s), add(sum, 1));
}

/** Drive of one neuron from a constant current. */
export function plainCurrent(inputs: readonly PlainInput[], column: readonly number[], perIntensity: number): number {
  return inputs.reduce((sum, input) => add(sum, multiply(plainChance(input, perIntensity), column[input.rank])), 0);
}

/** Phases of regular spikes as a sample begins, by place in the scan. */
export function plainPhases(seed: number): (rank: number) => number {
  const draw = plainStream(seed, -2);
  return (rank) => draw(rank) >>> 16;
}

/** p_i per unit of x_i. */
export const perIntensity = (density: number, total: number): number => divide(density, total);
