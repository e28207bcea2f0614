import { describe, expect, it } from 'vitest';
import { ServiceBudget } from '../../src/node/service-answers.js';

/** The share of time that answers of this duration take when one always waits. */
function share(each: number, seconds: number): number {
  const budget = new ServiceBudget();
  let [now, busy] = [0, 0];
  while (now < seconds) {
    now += each;
    busy += each;
    now += budget.spend(each, now);
  }
  return busy / now;
}

describe('ServiceBudget', () => {
  it.each([0.001, 0.01, 0.3, 2])('allows a quarter in the long run when each takes %s s', (each) => {
    expect(share(each, 1000)).toBeCloseTo(0.25, 1);
  });

  it('allows a second at once', () => {
    const budget = new ServiceBudget();
    for (let k = 0; k < 10; k++) expect(budget.spend(0.099, 7)).toBe(0);
    expect(budget.spend(0.06, 7)).toBeCloseTo(0.2, 6);
  });

  it('does not grow while idle', () => {
    const budget = new ServiceBudget();
    budget.spend(0.1, 0);
    expect(budget.spend(1.5, 1e6)).toBeCloseTo(2, 6);
  });
});
