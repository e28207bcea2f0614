import type { OperatingPoint } from './operating-point.js';

/** A duration: `12 ms`, `3 s`. */
export function duration(seconds: number): string {
  return seconds < 1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${Math.ceil(seconds)} s`;
}

/** An operating point: `T 16, E 150, K 24, exits 6/3`. */
export function pointText({ timesteps, events, keep, exitFirst, exit }: OperatingPoint): string {
  const exits = exitFirst > 0 || exit > 0 ? `, exits ${exitFirst}/${exit}` : '';
  return `T ${timesteps}, E ${events}, K ${keep}${exits}`;
}
