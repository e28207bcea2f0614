/**
 * e^x in doubles, the same bits on every machine. Engines may compute `Math.exp` differently, and one bit of a constant
 * would change every weight that follows.
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

/**
 * ln x in doubles, the same bits on every machine:
 *
 *   ln x = k ln 2 + 2 (z + z³/3 + z⁵/5 + ...),  x = 2ᵏ m,  m in 1/√2..√2,  z = (m − 1)/(m + 1)
 *
 * Halvings and doublings are exact, |z| is below 0.172, 12 terms.
 *
 * @param x - above 0, finite
 * @throws RangeError for any other x: halving and doubling would never end
 */
export function deterministicLog(x: number): number {
  if (!(x > 0 && x < Infinity)) throw new RangeError(`ln of ${x}, expected a finite number above 0`);
  let mantissa = x;
  let doublings = 0;
  for (; mantissa > Math.SQRT2; mantissa /= 2) doublings++;
  for (; mantissa < Math.SQRT1_2; mantissa *= 2) doublings--;
  const z = (mantissa - 1) / (mantissa + 1);
  // Written out: each 1/term is a constant, while a loop divides, which takes longer than the rest of a term.
  let sum = 1 / 23;
  sum = sum * z * z + 1 / 21;
  sum = sum * z * z + 1 / 19;
  sum = sum * z * z + 1 / 17;
  sum = sum * z * z + 1 / 15;
  sum = sum * z * z + 1 / 13;
  sum = sum * z * z + 1 / 11;
  sum = sum * z * z + 1 / 9;
  sum = sum * z * z + 1 / 7;
  sum = sum * z * z + 1 / 5;
  sum = sum * z * z + 1 / 3;
  sum = sum * z * z + 1;
  return doublings * ln2 + 2 * z * sum;
}

/** The double nearest to ln 2. */
const ln2 = 0.6931471805599453;

/**
 * base^exponent in doubles, the same bits on every machine: exp(exponent · ln base).
 *
 * @param base - above 0
 * @param exponent - such that exponent · ln base is in -100..100
 */
export function deterministicPower(base: number, exponent: number): number {
  return deterministicExp(exponent * deterministicLog(base));
}

/**
 * cos x in doubles, the same bits on every machine: the series 1 − x²/2 (1 − x²/12 (1 − x²/30 (...))), 16 terms.
 * Error below 1e-12.
 *
 * @param x - −2π..2π
 */
export function deterministicCosine(x: number): number {
  // The series is most accurate near 0.
  const reduced = Math.abs(x) > Math.PI ? Math.abs(x) - 2 * Math.PI : x;
  let sum = 1;
  for (let term = 16; term >= 1; term--) sum = 1 - (sum * reduced * reduced) / (2 * term * (2 * term - 1));
  return sum;
}
