import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Random } from '../../src/base/random.js';

/** One sample of a trace and the name of its class. */
export interface Drawn {
  readonly pixels: Uint8Array;
  readonly name: string;
}

/** Draws sample k. */
export type Source = (k: number, random: Random) => Drawn;

/** The first 200 training digits of MNIST (28 × 28 each, then their labels), each shifted a little every time. */
export function digits(): Source {
  const bytes = gunzipSync(readFileSync(new URL('../golden/digits.bin.gz', import.meta.url)));
  return (k, random) => {
    const at = k % 200;
    const shift = k < 200 ? 0 : random.below(3) + 28 * random.below(3);
    const pixels = new Uint8Array(784);
    pixels.set(bytes.subarray(784 * at, 784 * (at + 1) - shift), shift);
    return { pixels, name: String(bytes[200 * 784 + at]) };
  };
}

/**
 * Random prototypes, a third of their inputs active. A sample drops a tenth of these and varies the others.
 *
 * @param order - class of sample k
 */
export function prototypes(inputs: number, classes: number, order: (k: number, random: Random) => number): Source {
  const made: Uint8Array[] = [];
  return (k, random) => {
    while (made.length < classes) {
      made.push(Uint8Array.from({ length: inputs }, () => (random.below(3) === 0 ? 55 + random.below(200) : 0)));
    }
    const name = order(k, random) % classes;
    const pixels = made[name].map((x) =>
      x > 0 && random.below(10) > 0 ? Math.min(255, x - 20 + random.below(60)) : 0,
    );
    return { pixels, name: `class ${name}` };
  };
}

/** Blank, one input, five inputs, full, nearly full, noise. */
export function extremes(inputs: number): Source {
  return (k, random) => {
    const pixels = new Uint8Array(inputs);
    const kind = random.below(6);
    const some = kind === 1 ? 1 : kind === 2 ? 5 : 0;
    for (let n = 0; n < some; n++) pixels[random.below(inputs)] = 1 + random.below(255);
    if (kind === 3) pixels.fill(255);
    if (kind === 4) pixels.fill(250).set([k % 256], random.below(inputs));
    if (kind === 5) pixels.forEach((_, i) => (pixels[i] = random.below(256)));
    return { pixels, name: `kind ${kind}` };
  };
}
