import { describe, expect, it } from 'vitest';
import { Random } from 'topspark/base/random.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { prototypes } from '../../../test/reference/sources.js';
import type { LabelledStream, StreamSample } from '../../src/training/labelled-streams.js';
import { labelRun, type LabelRunOptions, type LabelRunResult } from '../../src/training/label-run.js';

const source = prototypes(96, 5, (_, random) => random.below(5));
source(0, new Random(1));

/** Five kinds of vectors in any order. */
const stream: LabelledStream = {
  ...{ shape: { rows: 1, columns: 96, polarity: false }, count: 2000, driven: false },
  classes: [0, 1, 2, 3, 4].map((k) => `class ${k}`),
  samples: { [Symbol.iterator]: () => shown(4, 2000) },
  test: { [Symbol.iterator]: () => shown(99, 500) },
};
function* shown(seed: number, count: number): Generator<StreamSample> {
  const random = new Random(seed);
  for (let k = 0; k < count; k++) {
    const { pixels, name } = source(k, random);
    yield { intensities: Uint8Array.from(pixels), truth: name };
  }
}

const run = (options: Partial<LabelRunOptions>): LabelRunResult => {
  const common = { policy: 'random', budget: 0.2, wrong: 0, kinds: true, neurons: 60, seed: 1 } as const;
  return labelRun(stream, { ...common, point: leanPoint(60, { events: 64 }), ...options }, () => undefined);
};

describe('labelRun', () => {
  it('labels otherwise from half way on, and raises no alarm for it', () => {
    const half = run({ then: 'mistakes' });
    const [whole, corrected] = [run({}), run({ policy: 'mistakes' })];
    expect(half.labelShare).toBeLessThan(0.7 * whole.labelShare);
    expect(half.labelShare).toBeGreaterThan(corrected.labelShare);
    expect(half.accuracy).toBeGreaterThan(0.95);
    expect(half.alarms).toBe(0);
  });

  it('learns with a linear readout beside the votes', () => {
    expect(run({ policy: 'asked', linear: true }).accuracy).toBeGreaterThan(0.95);
  });

  it('recovers from wrong labels after as many right ones', () => {
    const [right, wrong, mended] = [run({}), run({ wrong: 0.8 }), run({ wrong: 0.8, mended: true })];
    expect(wrong.accuracy).toBeLessThan((right.accuracy ?? NaN) - 0.1);
    expect(mended.accuracy).toBeGreaterThan((right.accuracy ?? NaN) - 0.02);
  });
});
