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
