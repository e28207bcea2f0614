/**
 * Wilson score interval of a proportion p̂ = right / samples = k / n:
 *
 *   (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)
 *
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 *
 * @param right - k, 0..n
 * @param samples - n; where it is 0, the interval is 0..1
 * @param z - quantile of the normal distribution; 1.959964 gives 95 %
 */
export function wilson(right: number, samples: number, z = 1.959964): { low: number; high: number } {
  if (samples === 0) return { low: 0, high: 1 };
  const share = right / samples;
  const squared = (z * z) / samples;
  const centre = share + squared / 2;
  const spread = z * Math.sqrt((share * (1 - share)) / samples + squared / (4 * samples));
  const scale = 1 + squared;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}
