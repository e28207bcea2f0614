import { describe, expect, it } from 'vitest';
import { DemoTally } from '../../src/demo/demo-tally.js';
import { decision, mode, status } from './heard.js';

describe('DemoTally', () => {
  it('starts with no figures', () => {
    const figures = new DemoTally(100).figures();
    expect([figures.sent, figures.decided, figures.scored]).toEqual([0, 0, 0]);
    expect([figures.accuracy, figures.charge, figures.rate]).toEqual([NaN, NaN, NaN]);
    expect([figures.mode, figures.status, figures.samplesTo80]).toEqual([undefined, undefined, undefined]);
  });

  it('counts decisions in the mode announced before them', () => {
    const tally = new DemoTally(100);
    tally.hear(mode({ name: 'FULL' }), 0);
    tally.hear(decision({ stamp: 1n, timesteps: 35, timestepsRun: 35 }), 0);
    tally.hear(decision({ stamp: 2n, timesteps: 35, timestepsRun: 31 }), 0);
    tally.hear(mode({ name: 'SAVER' }), 0);
    tally.hear(decision({ stamp: 3n, timesteps: 16, timestepsRun: 0 }), 0);
    const { modes, overall } = tally.figures();
    expect(modes).toEqual({
      FULL: { decisions: 2, timesteps: 35, timestepsRun: 33 },
      SAVER: { decisions: 1, timesteps: 16, timestepsRun: 0 },
    });
    expect(overall).toEqual({ decisions: 3, timesteps: 86 / 3, timestepsRun: 22 });
  });

  it('counts a queued decision in the mode in which it was made', () => {
    const tally = new DemoTally(100);
    tally.hear(mode({ name: 'BALANCED', stamp: 0n, timesteps: 35 }), 0);
    tally.hear(mode({ name: 'SAVER', stamp: 50n, timesteps: 16 }), 0);
    tally.hear(decision({ stamp: 48n, timesteps: 35 }), 0);
    tally.hear(decision({ stamp: 49n, timesteps: 16 }), 0); // decided after the change, though sent before it
    tally.hear(mode({ name: 'SAVER', stamp: 70n, timesteps: 16 }), 0); // repeated every second
    tally.hear(decision({ stamp: 60n, timesteps: 16 }), 0);
    const { modes } = tally.figures();
    expect(modes).toMatchObject({ BALANCED: { decisions: 1 }, SAVER: { decisions: 2, timesteps: 16 } });
  });

  it('scores decisions against truths and keeps their curves', () => {
    const tally = new DemoTally(64);
    tally.hear({ kind: 'truth', stamp: 1n, label: '7' }, 0);
    tally.hear(decision({ stamp: 1n, label: '7' }), 0);
    tally.hear({ kind: 'truth', stamp: 2n, label: '2' }, 0);
    tally.hear(decision({ stamp: 2n, label: '7' }), 0);
    tally.hear({ kind: 'truth', stamp: 3n, label: '2' }, 0);
    const figures = tally.figures();
    expect([figures.sent, figures.decided, figures.scored]).toEqual([3, 2, 2]);
    expect(figures.accuracy).toBe(0.5);
    expect(figures.last).toEqual({ label: '7', truth: '2' });
    expect(figures.curves.accuracy.slice(0, 3)).toEqual([1, 0, NaN]);
    expect(figures.curves.timesteps.slice(0, 3)).toEqual([35, 35, NaN]);
  });

  it('measures decisions per second', () => {
    const tally = new DemoTally(1000);
    for (let sample = 0; sample <= 250; sample++) tally.hear(decision({ stamp: BigInt(sample) }), sample / 200);
    expect(tally.figures().rate).toBeCloseTo(200, 6);
  });

  it('keeps the newest of repeated messages', () => {
    const tally = new DemoTally(10);
    tally.hear({ kind: 'battery', charge: 0.9 }, 0);
    tally.hear({ kind: 'battery', charge: 0.8 }, 1);
    tally.hear(status({ received: 1 }), 1);
    tally.hear(status({ received: 2 }), 2);
    const picture = { width: 1, height: 1, data: Uint8Array.of(9) };
    tally.hear({ kind: 'image', picture }, 2);
    const figures = tally.figures();
    expect([figures.charge, figures.status?.received, figures.picture]).toEqual([0.8, 2, picture]);
  });
});
