import { describe, expect, it } from 'vitest';
import { Pacer } from '../../src/demo/pacer.js';

describe('Pacer', () => {
  it('keeps the rate without drift when every timer is late', () => {
    const pacer = new Pacer(100, 10);
    let due = 10;
    for (let sent = 0; sent < 1000; sent++) due = pacer.sent(due + 0.0025);
    expect(due).toBeCloseTo(20, 9);
  });

  it('keeps the rate when a timer is early', () => {
    const pacer = new Pacer(100, 0);
    let due = 0;
    for (let sent = 0; sent < 100; sent++) due = pacer.sent(due - 0.0006);
    expect(due).toBeCloseTo(1, 9);
  });

  it('catches up slowly, without bursts', () => {
    const pacer = new Pacer(100, 0);
    let now = 0.055; // five and a half periods late
    const gaps: number[] = [];
    for (let sent = 0; sent < 40; sent++) {
      const due = pacer.sent(now);
      gaps.push(due - now);
      now = due;
    }
    for (const gap of gaps) expect(gap).toBeGreaterThan(0.007 - 1e-9);
    expect(gaps[0]).toBeCloseTo(0.007, 9);
    expect(gaps.at(-1)).toBeCloseTo(0.01, 9);
    expect(now).toBeCloseTo(0.4, 9);
  });

  it('does not make up for a long pause', () => {
    const pacer = new Pacer(100, 0);
    let now = 60;
    let within = 0;
    while (now < 61) {
      now = pacer.sent(now);
      within++;
    }
    expect(within).toBeLessThanOrEqual(100 + 20 + 2); // both ends of the second count
  });
});
