const second = 1_000_000_000n;

/** A stamp for a sentence: `12.000000034 s`. */
export function stampText(stamp: bigint): string {
  const size = stamp < 0n ? -stamp : stamp;
  const fraction = String(size % second).padStart(9, '0');
  return `${stamp < 0n ? '-' : ''}${size / second}.${fraction} s`;
}
