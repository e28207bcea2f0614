/**
 * ln x in doubles, the same bits on every machine:
 *
 *   ln x = k ln 2 + 2 (z + z³/3 + z⁵/5 + ...),  x = 2ᵏ m,  m in 1/√2..√2,  z = (m − 1)/(m + 1)
 *
 * Halvings and doublings are exact, |z| is below 0.172, 12 terms.
 *
 * @param x - above 0, finite
 * @throws RangeError for any other: halving and doubling would never end
 */
export function deterministicLog(x: number): number {
  if (!(x > 0 && x < Infinity)) throw new RangeError(`ln of ${x}, expected a finite number above 0`);
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
