// Step 6: ranks the kept neurons with the largest scores, best first; ties go to the lower index. The largest score is
// found and removed, again and again.
import { NEAREST } from './constants';
import { keptCount } from './eliminate';
import { maxLanes } from './lanes';
import { count, NEAR, NEURON_UPDATES, report } from './result';
import { kept, keptScore, leftScore, nearest } from './work';

/** Number of neurons in `nearest`. */
export let nearestCount: i32 = 0;

/** Ranks the kept neurons by their current scores. */
export function rankNearest(): void {
  nearestCount = min(keptCount, NEAREST);
  report(NEAR, nearestCount);
  count(NEURON_UPDATES, keptCount);
  if (nearestCount == 0) return;
  const bytes = (<usize>keptCount) << 2;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(leftScore + at, v128.load(keptScore + at));
  v128.store(leftScore + bytes, f32x4.splat(-f32.MAX_VALUE));
  for (let q: i32 = 0; q < nearestCount; q++) {
    const at = position(largest(bytes));
    store<i32>(nearest + ((<usize>q) << 2), load<i32>(kept + at));
    store<f32>(leftScore + at, -f32.MAX_VALUE);
  }
}

function largest(bytes: usize): f32 {
  let most = v128.load(leftScore);
  for (let at: usize = 16; at < bytes; at += 16) most = f32x4.pmax(most, v128.load(leftScore + at));
  return maxLanes(most);
}

function position(value: f32): usize {
  const wanted = f32x4.splat(value);
  let at: usize = 0;
  let found = i32x4.bitmask(f32x4.eq(v128.load(leftScore), wanted));
  while (found == 0) {
    at += 16;
    found = i32x4.bitmask(f32x4.eq(v128.load(leftScore + at), wanted));
  }
  return at + ((<usize>i32.ctz(found)) << 2);
}
