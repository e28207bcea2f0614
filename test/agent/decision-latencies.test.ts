import { describe, expect, it } from 'vitest';
import { RingBuffer } from '../../src/agent/decision-latencies.js';

describe('RingBuffer', () => {
  it('is NaN while empty', () => {
    expect(new RingBuffer(3).quantiles(0.5)).toEqual([NaN]);
  });

  it('takes the nearest rank', () => {
    const ring = new RingBuffer(100);
    for (let value = 100; value >= 1; value--) ring.add(value);
    expect(ring.quantiles(0, 0.5, 0.99, 1)).toEqual([1, 50, 99, 100]);
  });

  it('forgets what is older than its capacity', () => {
    const ring = new RingBuffer(2);
    for (const value of [100, 1, 2]) ring.add(value);
    expect(ring.quantiles(1)).toEqual([2]);
  });
});
