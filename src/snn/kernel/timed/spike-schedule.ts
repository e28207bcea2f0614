// All input spikes of a sample. They are computed input by input, then sorted by step. Spikes of one step stay in scan
// order, since rows are added in this order.
import { steps } from '../point';
import { activeRow, inOrder, lastPre, spikeRow, stepBegin, timed } from './timed-work';
import { MOST_SPIKES, MOST_STEPS } from './timed-constants';

/** Begins an empty schedule. Returns the address of the first spike in `timed`. */
export function openSchedule(): usize {
  memory.fill(stepBegin, 0, (<usize>(steps + 3)) << 2);
  return timed;
}

/** Whether all spikes of another input fit after `to`. They always do at the input rates of the policies. */
export function hasRoom(to: usize): bool {
  return to <= timed + ((<usize>(MOST_SPIKES - MOST_STEPS - 4)) << 2);
}

/**
 * Adds four spikes of the active input at offset k, ascending, without those from step T on. Returns the next address.
 */
export function enterFour(to: usize, k: usize, times: v128): usize {
  const t = i32x4.min_s(times, i32x4.splat(steps));
  to = enter(to, k, i32x4.extract_lane(t, 0));
  to = enter(to, k, i32x4.extract_lane(t, 1));
  to = enter(to, k, i32x4.extract_lane(t, 2));
  return enter(to, k, i32x4.extract_lane(t, 3));
}

/** Adds a spike in step t; a spike in step T is dropped. Branch-free. Returns the next address. */
export function enter(to: usize, k: usize, t: i32): usize {
  store<u32>(to, <u32>((k << 8) | (<usize>t)));
  const at = stepBegin + ((<usize>t) << 2);
  store<u32>(at, load<u32>(at, 8) + 4, 8);
  return to + ((<usize>(t < steps)) << 2);
}

/** Counting sort of the spikes before `end`: those of step t go to stepBegin[t] .. stepBegin[t + 1] of `inOrder`. */
export function sortSchedule(end: usize): void {
  const last = stepBegin + ((<usize>steps) << 2);
  let sum: u32 = 0;
  for (let at = stepBegin; at < last; at += 4) {
    sum += load<u32>(at, 8);
    store<u32>(at, sum, 8);
  }
  const begins = stepBegin;
  const order = inOrder;
  for (let from = timed; from < end; from += 4) {
    const spike = load<u32>(from);
    const at = begins + ((<usize>(spike & 1023)) << 2);
    const to = load<u32>(at, 4);
    store<u32>(order + <usize>to, (spike >> 10) << 2);
    store<u32>(at, to + 4, 4);
  }
}

/** Lists the rows of the inputs that spike in step t. Returns the length of the list [byte]. */
export function listStep(t: i32): usize {
  const at = stepBegin + ((<usize>t) << 2);
  const stop = inOrder + <usize>load<u32>(at, 4);
  let to = spikeRow;
  for (let from = inOrder + <usize>load<u32>(at); from < stop; from += 4) {
    const k = <usize>load<u32>(from);
    store<u32>(to, load<u32>(activeRow + k));
    store<i32>(lastPre + k, t);
    to += 4;
  }
  return to - spikeRow;
}
