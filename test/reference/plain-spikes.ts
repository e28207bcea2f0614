import { add, divide, multiply } from './float32.js';
import { plainStream } from './plain-random.js';
import type { SpikeEncoding } from '../../src/snn/timed-baseline.js';

/** An active input of a sample: its place in the scan and its intensity. */
export interface PlainInput {
  readonly rank: number;
  readonly x: number;
}

/** Lists, step after step, which of the active inputs spike (as indices into `inputs`). */
export function* plainSpikes(
  inputs: readonly PlainInput[],
  encoding: SpikeEncoding,
  p: { readonly steps: number; readonly perIntensity: number },
  random: { readonly draw: (counter: number) => number; readonly phases: (rank: number) => number },
): Generator<number[]> {
  const chances = inputs.map(({ x }) =>
    Math.min(65535, Math.trunc(add(multiply(x, multiply(p.perIntensity, 65536)), 0.5))),
  );
  const phases = inputs.map(({ rank }) => random.phases(rank));
  const most = Math.max(...inputs.map(({ x }) => x));
  const places = Math.ceil(inputs.length / 8) * 8;
  for (let t = 0; t < p.steps; t++) {
    yield [...inputs.keys()].filter((k) => {
      switch (encoding) {
        case 'poisson': {
          const at = t * places + k;
          const bits = random.draw(Math.floor(at / 2));
          return (at % 2 === 0 ? bits & 0xffff : bits >>> 16) < chances[k];
        }
        case 'regular':
          phases[k] += chances[k];
          if (phases[k] < 65536) return false;
          phases[k] -= 65536;
          return true;
        case 'ttfs':
          return 10 * inputs[k].x >= most && Math.floor(((most - inputs[k].x) * p.steps) / most) === t;
        case 'direct':
          return false;
      }
    });
  }
}

/** Drive of one neuron from a constant current. */
export function plainCurrent(inputs: readonly PlainInput[], column: readonly number[], perIntensity: number): number {
  return inputs.reduce(
    (sum, { rank, x }) => add(sum, multiply(Math.min(1, multiply(x, perIntensity)), column[rank])),
    0,
  );
}

/** Phases of regular spikes as a sample begins, by place in the scan. */
export function plainPhases(seed: number): (rank: number) => number {
  const draw = plainStream(seed, -2);
  return (rank) => draw(rank) >>> 16;
}

/** p_i per unit of x_i. */
export const perIntensity = (density: number, total: number): number => divide(density, total);
