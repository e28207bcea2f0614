import { TopsparkError } from './errors.js';

/** builtin_interfaces/msg/Time. */
export interface Stamp {
  readonly sec: number;
  readonly nanosec: number;
}

const nanosecondsPerSecond = 1_000_000_000n;

/**
 * @returns nanoseconds, exact; before 1970 they are negative
 * @throws {@link TopsparkError} `stamp_invalid` where nanosec holds a second or more: what is sent back would be another stamp
 */
export function toNanoseconds({ sec, nanosec }: Stamp): bigint {
  if (nanosec >= 1e9) {
    const found = `the stamp is ${sec} s and ${nanosec} ns`;
    throw new TopsparkError('stamp_invalid', 'data', `${found}, expected fewer than 1000000000 ns: mend header.stamp`);
  }
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
