import { deterministicExp } from './deterministic-math.js';

/**
 * base^exponent in doubles, the same bits on every machine: exp(exponent · ln base).
 *
 * ln x = 2ᵏ halvings or doublings of x into 1/√2..√2, which are exact, then ln m = 2 (z + z³/3 + z⁵/5 + ...) with
 * z = (m − 1)/(m + 1), |z| below 0.172, 12 terms.
 *
 * @param base - above 0
 * @param exponent - such that exponent · ln base is in -100..100
 */
export function deterministicPower(base: number, exponent: number): number {
  return deterministicExp(exponent * logarithm(base));
}

function logarithm(x: number): number {
  let mantissa = x;
  let doublings = 0;
  for (; mantissa > Math.SQRT2; mantissa /= 2) doublings++;
  for (; mantissa < Math.SQRT1_2; mantissa *= 2) doublings--;
  const z = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let term = 23; term >= 1; term -= 2) sum = sum * z * z + 1 / term;
  return doublings * ln2 + 2 * z * sum;
}

/** The double nearest to ln 2. */
const ln2 = 0.6931471805599453;
