// Step 4: keeps exactly the K neurons with the largest scores; ties go to the lower index. If there are at most K, all
// stay.
import { largestScore, smallestScore } from './first-look';
import { sumInts } from './lanes';
import { keep } from './point';
import { count, NEURON_UPDATES } from './result';
import { touched } from './state';
import { kept, keptScore, score } from './work';

/** Number of kept neurons. */
export let keptCount: i32 = 0;

/** Neurons with a score above `least` stay, and the first `ties` neurons with a score equal to it. */
let least: f32 = 0;
let ties: i32 = 0;

/** Keeps no neuron. */
export function keepNone(): void {
  keptCount = 0;
}

/** Lists the kept neurons, indices ascending, and their scores. */
export function eliminate(): void {
  if (touched > keep) {
    findLimit();
    count(NEURON_UPDATES, 2 * touched);
  } else {
    least = -f32.MAX_VALUE;
    ties = 0;
  }
  listKept();
}

// Finds a value that exactly K scores reach, or else the K-th largest score. At least K scores reach `low` and fewer
// reach `high`, until no number lies between. Interpolation (regula falsi) assumes that scores are spread evenly in
// between, and needs fewer rounds than bisection. After 16 rounds bisection follows, which limits the number of rounds.
function findLimit(): void {
  let low = smallestScore;
  let high = largestScore;
  let reachLow = touched;
  let reachHigh = reached(high);
  let round: i32 = 0;
  if (reachHigh >= keep) return limitTo(high, keep);
  while (true) {
    const half: f32 = low * 0.5 + high * 0.5;
    if (half <= low || half >= high) return limitTo(low, keep - reachHigh);
    let guess: f32 = low + (high - low) * (<f32>(reachLow - keep) / <f32>(reachLow - reachHigh));
    if (++round > 16 || guess <= low || guess >= high) guess = half;
    const found = reached(guess);
    if (found == keep) return limitTo(guess, keep);
    if (found > keep) {
      low = guess;
      reachLow = found;
    } else {
      high = guess;
      reachHigh = found;
    }
  }
}

function limitTo(value: f32, equal: i32): void {
  least = value;
  ties = equal;
}

// Number of scores that reach a value.
function reached(value: f32): i32 {
  const limit = f32x4.splat(value);
  const end = score + ((<usize>touched) << 2);
  let at = score;
  let a = i32x4.splat(0);
  let b = a;
  do {
    a = i32x4.sub(a, f32x4.ge(v128.load(at), limit));
    b = i32x4.sub(b, f32x4.ge(v128.load(at, 16), limit));
    a = i32x4.sub(a, f32x4.ge(v128.load(at, 32), limit));
    b = i32x4.sub(b, f32x4.ge(v128.load(at, 48), limit));
    at += 64;
  } while (at < end);
  return sumInts(i32x4.add(a, b));
}

function listKept(): void {
  const limit = f32x4.splat(least);
  const end = score + ((<usize>touched) << 2);
  let at = score;
  let to: usize = 0;
  do {
    let mask = above(at, limit);
    for (let equal = equals(at, limit); equal != 0 && ties > 0; ties--) {
      mask |= equal & -equal;
      equal &= equal - 1;
    }
    while (mask != 0) {
      const place = at + ((<usize>i32.ctz(mask)) << 2);
      store<i32>(kept + to, <i32>((place - score) >> 2));
      store<f32>(keptScore + to, load<f32>(place));
      mask &= mask - 1;
      to += 4;
    }
    at += 64;
  } while (at < end);
  keptCount = <i32>(to >> 2);
}

// One bit for each of sixteen scores.
function above(at: usize, limit: v128): i32 {
  const low = i16x8.narrow_i32x4_s(f32x4.gt(v128.load(at), limit), f32x4.gt(v128.load(at, 16), limit));
  const high = i16x8.narrow_i32x4_s(f32x4.gt(v128.load(at, 32), limit), f32x4.gt(v128.load(at, 48), limit));
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

function equals(at: usize, limit: v128): i32 {
  const low = i16x8.narrow_i32x4_s(f32x4.eq(v128.load(at), limit), f32x4.eq(v128.load(at, 16), limit));
  const high = i16x8.narrow_i32x4_s(f32x4.eq(v128.load(at, 32), limit), f32x4.eq(v128.load(at, 48), limit));
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}
