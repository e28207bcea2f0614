import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { CheckpointStore } from '../../src/checkpoint/checkpoint-store.js';
import { encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import type { TimedOptions } from '../../src/classifier/network-binding.js';

const classes = 5;
const size = { rows: 6, columns: 10, neurons: 24, classes, memory: 32 };
const samples = 240;
/** A label comes this many samples after its own. */
const late = 13;
const points = [
  { timesteps: 40, events: 120, keep: 12, exitFirst: 0, exit: 0 },
  { timesteps: 16, events: 80, keep: 6, exitFirst: 6, exit: 3 },
];

/** Sample k of a life; every third is labelled, late. */
function live(classifier: OnlineClassifier, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    const random = new Random(k);
    const pixels = Uint8Array.from(
      { length: 60 },
      (_, i) => (i % classes === k % classes ? 255 : 60) * random.uniform(),
    );
    classifier.decide(pixels, BigInt(k), points[Math.floor(k / 20) % 2], true);
    const named = k - late;
    if (named >= 0 && named % 3 === 0) classifier.label(BigInt(named), `class ${named % classes}`);
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const kinds: [string, TimedOptions | undefined][] = [
  ['lean', undefined],
  ['none: poisson, pair', { policy: 'none', seed: 3 }],
  ['paper: poisson, pair', { policy: 'paper', seed: 3 }],
  ['rate: regular, pair', { policy: 'rate', seed: 3 }],
  ['poisson, adaptive', { policy: 'paper', rule: 'adaptive', seed: 4 }],
  ['poisson, expected', { policy: 'paper', rule: 'expected', seed: 5 }],
];

describe('a life that stops after k samples and resumes from the file ends like one that never stopped', () => {
  it.each(kinds)('%s', (_, timed) => {
    const make = () => new OnlineClassifier({ ...size, ...(timed && { timed }) });
    const whole = make();
    live(whole, 0, samples);
    let classifier = make();
    let done = 0;
    // In the first samples, within a block of a point, while labels are due, right after a change of point.
    for (const stop of [1, 37, 38, 100, samples]) {
      live(classifier, done, stop);
      done = stop;
      new CheckpointStore(folder, 2).save(classifier.snapshot());
      classifier = make();
      const stored = new CheckpointStore(folder, 2).restoreNewest(
        (snapshot) => {
          classifier.restore(snapshot);
        },
        ({ error }) => {
          throw error;
        },
      );
      expect(stored?.snapshot.meta['samples']).toBe(stop);
    }
    expect(classifier.hash()).toBe(whole.hash());
    expect(encodeSnapshot(classifier.snapshot()).equals(encodeSnapshot(whole.snapshot()))).toBe(true);
  });
});
