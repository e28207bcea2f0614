import { describe, expect, it } from 'vitest';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { labelRun, type LabelRunOptions, type LabelRunResult } from '../../src/training/label-run.js';
import { vectorStream } from './vector-stream.js';

const stream = vectorStream(2000);

const run = (options: Partial<LabelRunOptions>): LabelRunResult => {
  const common = { policy: 'random', budget: 0.2, wrong: 0, kinds: true, neurons: 60, seed: 1 } as const;
  return labelRun(stream, { ...common, point: leanPoint(60, { events: 64 }), ...options }, () => undefined);
};

describe('labelRun', () => {
  it('changes the label policy half way without raising an alarm', () => {
    const half = run({ then: 'mistakes' });
    const [whole, corrected] = [run({}), run({ policy: 'mistakes' })];
    expect(half.labelShare).toBeLessThan(0.7 * whole.labelShare);
    expect(half.labelShare).toBeGreaterThan(corrected.labelShare);
    expect(half.accuracy).toBeGreaterThan(0.95);
    expect(half.alarms).toBe(0);
  });

  it('learns with a linear readout beside the votes', () => {
    const [beside, votes] = [run({ policy: 'asked', linear: true }), run({ policy: 'asked' })];
    expect(beside.accuracy).toBeGreaterThan(0.95);
    // The readout reads its weights in every decision, and learning costs more than deciding.
    expect(beside.energyPerSample.infer).toBeGreaterThan(votes.energyPerSample.infer);
    expect(beside.energyPerSample.train).toBeGreaterThan(beside.energyPerSample.infer);
    expect(votes.microsecondsPerSample).toBeGreaterThan(0);
  });

  it('recovers from wrong labels after as many right ones', () => {
    const [right, wrong, mended] = [run({}), run({ wrong: 0.8 }), run({ wrong: 0.8, mended: true })];
    expect(wrong.accuracy).toBeLessThan((right.accuracy ?? NaN) - 0.1);
    expect(mended.accuracy).toBeGreaterThan((right.accuracy ?? NaN) - 0.02);
  });
});
