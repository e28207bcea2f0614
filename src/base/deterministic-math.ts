/**
 * e^x in doubles, the same bits on every machine: engines may compute `Math.exp` as they like, and one bit of a
 * constant would change every weight that follows.
 *
 * exp(x) = exp(x / 2^n)^(2^n): the argument is halved until it is below 1/32, then 12 terms of the series
 * 1 + x (1 + x/2 (1 + x/3 (...))), then squared n times. Relative error below 1e-12 for |x| up to 100.
 *
 * @param x - -100..100
 * @throws RangeError where x is not finite: halving would never end
 */
export function deterministicExp(x: number): number {
  if (!Number.isFinite(x)) throw new RangeError(`exp of ${x}, expected a finite number`);
  let reduced = x;
  let halvings = 0;
  while (Math.abs(reduced) > 1 / 32) {
    reduced /= 2;
    halvings++;
  }
  let sum = 1;
  for (let term = 12; term >= 1; term--) sum = 1 + (sum * reduced) / term;
  for (let k = 0; k < halvings; k++) sum *= sum;
  return sum;
}
