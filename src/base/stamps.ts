/** builtin_interfaces/msg/Time. */
export interface Stamp {
  readonly sec: number;
  readonly nanosec: number;
}

const nanosecondsPerSecond = 1_000_000_000n;

/** @returns nanoseconds, exact */
export function toNanoseconds({ sec, nanosec }: Stamp): bigint {
  return BigInt(sec) * nanosecondsPerSecond + BigInt(nanosec);
}

/** @param nanoseconds - not negative, below 2³¹ s */
export function toStamp(nanoseconds: bigint): { sec: number; nanosec: number } {
  return { sec: Number(nanoseconds / nanosecondsPerSecond), nanosec: Number(nanoseconds % nanosecondsPerSecond) };
}

/** A stamp for a sentence: `12.000000034 s`. */
export function stampText(stamp: bigint): string {
  const size = stamp < 0n ? -stamp : stamp;
  const fraction = String(size % nanosecondsPerSecond).padStart(9, '0');
  return `${stamp < 0n ? '-' : ''}${size / nanosecondsPerSecond}.${fraction} s`;
}
