import { describe, expect, it } from 'vitest';
import { PlainLines } from '../../src/demo/plain-lines.js';
import { DemoTally } from '../../src/demo/demo-tally.js';
import { decision, mode, status } from './heard.js';

describe('PlainLines', () => {
  const tally = new DemoTally(3000);
  const plain = new PlainLines(3000);
  const show = (from: number, to: number): void => {
    for (let sample = from; sample < to; sample++) {
      tally.hear({ kind: 'truth', stamp: BigInt(sample), label: '7' }, 0);
      tally.hear(decision({ stamp: BigInt(sample) }), 0);
    }
  };

  it('reports a mode change once, with its reason', () => {
    tally.hear(mode({ name: 'FULL', reason: 'battery unknown' }), 0);
    expect(plain.due(tally.figures())).toEqual(['mode FULL after 0 samples: battery unknown']);
    expect(plain.due(tally.figures())).toEqual([]);
    show(0, 900);
    tally.hear(mode(), 0);
    expect(plain.due(tally.figures())).toEqual([
      'mode FULL → BALANCED after 900 samples: battery at 59.9 %: BALANCED holds from 30.0 %',
    ]);
  });

  it('reports progress every 1000 samples', () => {
    tally.hear(status(), 0);
    tally.hear({ kind: 'battery', charge: 0.6 }, 0);
    expect(plain.due(tally.figures())).toEqual([]);
    show(900, 1007);
    expect(plain.due(tally.figures())).toEqual([
      '1,007 of 3,000  right 100.0 %  estimate 87.0 % (83.0 % … 90.0 %)  BALANCED T=35  battery 60.0 %  ' +
        'energy 700 µJ, 1/77 of unscaled  latency 910 µs',
    ]);
    show(1007, 1999);
    expect(plain.due(tally.figures())).toEqual([]);
    show(1999, 2000);
    expect(plain.due(tally.figures())).toHaveLength(1);
  });
});
