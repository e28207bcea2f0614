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

/** What a stamp can hold: sec is an int32. */
const [earliest, latest] = [-(2n ** 31n) * nanosecondsPerSecond, 2n ** 31n * nanosecondsPerSecond - 1n];

/** The stamp of a time; of one beyond what a stamp can hold, from 1901 to 2038, the nearest that it can. */
export function toStamp(nanoseconds: bigint): { sec: number; nanosec: number } {
  const held = nanoseconds < earliest ? earliest : nanoseconds > latest ? latest : nanoseconds;
  const nanosec = ((held % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond;
  return { sec: Number((held - nanosec) / nanosecondsPerSecond), nanosec: Number(nanosec) };
}

/** A stamp for a sentence: `12.000000034 s`. */
export function stampText(stamp: bigint): string {
  const size = stamp < 0n ? -stamp : stamp;
  const fraction = String(size % nanosecondsPerSecond).padStart(9, '0');
  return `${stamp < 0n ? '-' : ''}${size / nanosecondsPerSecond}.${fraction} s`;
}
