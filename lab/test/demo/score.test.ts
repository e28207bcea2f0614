import { describe, expect, it } from 'vitest';
import { Score } from '../../src/demo/score.js';

/** Scores `count` samples from `first` on, right or wrong. */
function feed(score: Score, first: number, count: number, right: boolean): void {
  for (let sample = first; sample < first + count; sample++) {
    score.truth(BigInt(sample), '7');
    score.decision(BigInt(sample), right ? '7' : '1');
  }
}

describe('Score', () => {
  it('matches truth and decision by stamp, whichever comes first', () => {
    const score = new Score();
    expect(score.truth(1n, '3')).toBeUndefined();
    expect(score.decision(2n, '5')).toBeUndefined();
    expect(score.decision(1n, '3')).toEqual({ label: '3', truth: '3' });
    expect(score.truth(2n, '6')).toEqual({ label: '5', truth: '6' });
    expect([score.count, score.accuracy]).toEqual([2, 0.5]);
  });

  it('knows nothing before the first sample', () => {
    const score = new Score();
    expect([score.count, score.accuracy, score.reached, score.last]).toEqual([0, NaN, undefined, undefined]);
  });

  it('counts an empty answer as wrong', () => {
    const score = new Score();
    score.truth(1n, '3');
    score.decision(1n, '');
    expect(score.accuracy).toBe(0);
  });

  it('uses only the last 1000 samples', () => {
    const score = new Score();
    feed(score, 0, 1500, false);
    feed(score, 1500, 500, true);
    expect(score.accuracy).toBe(0.5);
    feed(score, 2000, 500, true);
    expect(score.accuracy).toBe(1);
  });

  it('reaches the goal only with a full window', () => {
    const score = new Score();
    feed(score, 0, 999, true);
    expect(score.reached).toBeUndefined();
    feed(score, 999, 1, true);
    expect(score.reached).toBe(1000);
  });

  it('keeps the sample at which the mean first reached 80 %', () => {
    const score = new Score();
    feed(score, 0, 1000, false);
    feed(score, 1000, 800, true);
    expect(score.reached).toBe(1800);
    feed(score, 1800, 1000, false);
    feed(score, 2800, 1000, true);
    expect(score.reached).toBe(1800);
  });

  it('forgets unmatched truths and decisions, oldest first', () => {
    const score = new Score();
    for (let stamp = 0n; stamp < 2001n; stamp++) score.truth(stamp, '1');
    expect(score.decision(0n, '1')).toBeUndefined();
    expect(score.decision(1n, '1')).toEqual({ label: '1', truth: '1' });
  });
});
