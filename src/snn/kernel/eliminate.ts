// Step 4: exactly the K neurons with the largest scores stay, ties to the lower index; all, if there are no more.
import { maxLanes, minLanes, sumInts } from './lanes';
import { keep } from './point';
import { count, NEURON_UPDATES } from './result';
import { touched } from './state';
import { kept, keptScore, score } from './work';

/** Neurons kept. */
export let keptCount: i32 = 0;

/** Nobody to keep. */
export function keepNone(): void {
  keptCount = 0;
}

/** Lists the kept neurons, ids ascending, and their scores. */
export function eliminate(): void {
  if (touched <= keep) {
    keptCount = keepFrom(-f32.MAX_VALUE, touched);
    return;
  }
  const least = kthLargest();
  keptCount = keepFrom(least, keep - countFrom(least, true));
  count(NEURON_UPDATES, 2 * touched);
}

// Every neuron above `least`, and the first `ties` of those that equal it.
function keepFrom(least: f32, ties: i32): i32 {
  let to: usize = 0;
  let j: i32 = 0;
  do {
    const s = load<f32>(score + ((<usize>j) << 2));
    store<i32>(kept + to, j);
    store<f32>(keptScore + to, s);
    const equal = (<i32>(s == least)) & (<i32>(ties > 0));
    ties -= equal;
    to += (<usize>((<i32>(s > least)) | equal)) << 2;
    j++;
  } while (j < touched);
  return <i32>(to >> 2);
}

// Scores that reach a value, or are above it.
function countFrom(value: f32, above: bool): i32 {
  const limit = f32x4.splat(value);
  const end = score + ((<usize>((touched + 3) & ~3)) << 2);
  let at = score;
  let found = i32x4.splat(0);
  if (above) {
    do {
      found = i32x4.sub(found, f32x4.gt(v128.load(at), limit));
      at += 16;
    } while (at < end);
  } else {
    do {
      found = i32x4.sub(found, f32x4.ge(v128.load(at), limit));
      at += 16;
    } while (at < end);
  }
  return sumInts(found);
}

// A value that exactly K scores reach, or else the K-th largest score. Bisection between `low`, which at least K reach,
// and `high`, which fewer reach, until no number lies between.
function kthLargest(): f32 {
  let low = smallest();
  let high = largest();
  if (countFrom(high, false) >= keep) return high;
  while (true) {
    const middle: f32 = low * 0.5 + high * 0.5;
    if (middle <= low || middle >= high) return low;
    const reached = countFrom(middle, false);
    if (reached == keep) return middle;
    if (reached > keep) low = middle;
    else high = middle;
  }
}

function largest(): f32 {
  const end = score + ((<usize>((touched + 3) & ~3)) << 2);
  let at = score;
  let most = v128.load(at);
  do {
    most = f32x4.pmax(most, v128.load(at));
    at += 16;
  } while (at < end);
  return maxLanes(most);
}

// The lanes behind the last neuron are left out here: they would be the smallest.
function smallest(): f32 {
  const whole = score + ((<usize>(touched & ~3)) << 2);
  const end = score + ((<usize>touched) << 2);
  let least = f32x4.splat(f32.MAX_VALUE);
  let at = score;
  for (; at < whole; at += 16) least = f32x4.pmin(least, v128.load(at));
  for (; at < end; at += 4) least = f32x4.pmin(least, v128.load32_splat(at));
  return minLanes(least);
}
