import { describe, expect, it } from 'vitest';
import { summariseDemo, summaryLines, type RunFacts } from '../../src/demo/summary.js';
import { DemoTally } from '../../src/demo/demo-tally.js';
import { decision, mode, status } from './heard.js';

const run: RunFacts = {
  samples: 4,
  rate: 200,
  labels: 0.1,
  neurons: 400,
  seed: 1,
  secondsToFirstDecision: 2.5,
  seconds: 5,
  interrupted: false,
};

/** A run of four images. One was lost, and two were decided correctly. */
function tally(): DemoTally {
  const tally = new DemoTally(4);
  tally.hear(mode({ name: 'FULL' }), 0);
  for (const [sample, label] of ['1', '2', '3', '4'].entries()) {
    if (sample === 2) tally.hear(mode({ name: 'SAVER' }), 1);
    tally.hear({ kind: 'truth', stamp: BigInt(sample), label }, 1);
    if (sample === 3) continue;
    const timesteps = sample < 2 ? 35 : 16;
    tally.hear(decision({ stamp: BigInt(sample), label: sample === 1 ? '9' : label, timesteps, timestepsRun: 10 }), 1);
  }
  const dropped = { image_flat: 1, label_unknown_stamp: 2 };
  tally.hear(status({ received: 3, dropped, energyUsed: 1e-6, energySaved: 79e-6 }), 2);
  return tally;
}

describe('summarise', () => {
  it('collects the figures under the names of the interface', () => {
    const summary = summariseDemo(tally().figures(), run);
    expect(summary).toMatchObject({
      samples: 4,
      decided: 3,
      received: 3,
      dropped: 3,
      droppedByCause: { image_flat: 1, label_unknown_stamp: 2 },
      estimatedAccuracy: 0.87,
      estimatedLow: 0.83,
      estimatedHigh: 0.9,
      samplesTo80: null,
      timestepsPerMode: { FULL: 35, SAVER: 16 },
      decisionsPerMode: { FULL: 2, SAVER: 1 },
      meanTimestepsRun: 10,
      run,
    });
    expect(summary.accuracy).toBeCloseTo(2 / 3);
    expect(summary.meanTimesteps).toBeCloseTo(86 / 3);
    expect(summary.energyRatioFull).toBeCloseTo(80);
  });

  it('holds null instead of NaN for unknown values', () => {
    const summary = summariseDemo(new DemoTally(4).figures(), {
      ...run,
      interrupted: true,
      secondsToFirstDecision: null,
    });
    const text = JSON.stringify(summary);
    expect(JSON.parse(text)).toEqual(summary);
    expect([summary.accuracy, summary.energyRatioFull, summary.received, summary.dropped]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('has no ratio if no energy was used', () => {
    const tally = new DemoTally(4);
    tally.hear(status({ energyUsed: 0, energySaved: 0 }), 0);
    expect(summariseDemo(tally.figures(), run).energyRatioFull).toBeNull();
  });
});

describe('summaryLines', () => {
  it('describes the run in words', () => {
    expect(summaryLines(summariseDemo(tally().figures(), run))).toEqual([
      'Done.',
      '  accuracy      66.7 % of the last 1000 samples, against the truth',
      "  estimate      87.0 % (83.0 % … 90.0 %), the node's own, from labels alone",
      '  80 % after    not reached',
      '  timesteps     28.7 on average; FULL 35.0, SAVER 16.0',
      '  energy        1 µJ used, 79 µJ saved: 1/80 of the unscaled network',
      '  messages      4 sent, 3 received, 3 decided',
      '  dropped       3: image_flat 1, label_unknown_stamp 2',
      '  latency       910 µs median, 4.2 ms p99',
    ]);
  });

  it('says that the run was stopped, and shows – for unknown values', () => {
    const lines = summaryLines(summariseDemo(new DemoTally(4).figures(), { ...run, interrupted: true }));
    expect(lines[0]).toBe('Stopped after 0 of 4 samples.');
    expect(lines.join('\n')).not.toMatch(/NaN|null|undefined/);
  });
});
