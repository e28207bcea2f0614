const prefixes = ['p', 'n', 'µ', 'm', '', 'k', 'M'];
const unity = prefixes.indexOf('');

/**
 * Formats a number with three significant digits, SI prefix and unit: `si(1.234e-6, 'J')` is `1.23 µJ`.
 *
 * @returns `–` and the unit where the value is not a finite number
 */
export function si(value: number, unit: string): string {
  if (!Number.isFinite(value)) return `– ${unit}`;
  if (value === 0) return `0 ${unit}`;
  // Rounded first: 999.9 µ is 1 m, not 1000 µ.
  const rounded = Number(value.toPrecision(3));
  const thousands = Math.floor(Math.log10(Math.abs(rounded)) / 3 + 1e-9);
  const index = Math.min(prefixes.length - 1, Math.max(0, thousands + unity));
  const scaled = rounded / 1000 ** (index - unity);
  return `${Number(scaled.toPrecision(3))} ${prefixes[index] ?? ''}${unit}`;
}

/** A share 0..1 in percent with one decimal; `– %` while unknown. */
export function percent(share: number): string {
  return Number.isNaN(share) ? '– %' : `${(100 * share).toFixed(1)} %`;
}

/** Cost relative to another, in words: `120× below T = 350`; a cost of 0 has no ratio. */
export function below(ratio: number, other: string): string {
  return Number.isFinite(ratio) ? `${ratio.toFixed(ratio < 10 ? 1 : 0)}× below ${other}` : 'nothing was spent';
}

/** An integer with thousands separators: `10,000`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** A duration: `12 ms`, `3 s`. */
export function duration(seconds: number): string {
  return seconds < 1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${Math.ceil(seconds)} s`;
}
