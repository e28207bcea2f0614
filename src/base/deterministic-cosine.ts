/**
 * cos x in doubles, the same bits on every machine: the series 1 − x²/2 (1 − x²/12 (1 − x²/30 (...))), 16 terms.
 * Error below 1e-12.
 *
 * @param x - −2π..2π
 */
export function deterministicCosine(x: number): number {
  // The series is at its best near 0.
  const reduced = Math.abs(x) > Math.PI ? Math.abs(x) - 2 * Math.PI : x;
  let sum = 1;
  for (let term = 16; term >= 1; term--) sum = 1 - (sum * reduced * reduced) / (2 * term * (2 * term - 1));
  return sum;
}
