// Counter-based random numbers. A number depends only on seed, stream and counter, not on the order of drawing.
//
//   root = splitmix64(seed)        (a, b) = low and high half of splitmix64(root + stream)
//   z = 0x9E3779B9 c + a ;  z ^= z >> 16 ;  z *= 0x7FEB352D ;  z ^= z >> 15 ;  z ^= b ;  z *= 0x846CA68B ;  z ^= z >> 16
//
// modulo 2^32, four counters c at a time. Sources: Steele, Lea & Flood, OOPSLA 2014 (splitmix64); C. Wellons,
// Prospecting for hash functions, 2018 (the finaliser, there without b).

/** Streams of initial weights and phases. Samples do not use them. */
export const WEIGHTS: i64 = -1;
export const PHASES: i64 = -2;

const STEP: u32 = 0x9e3779b9;

let root: u64 = 0;
let a: u32 = 0;
let b: u32 = 0;

function splitmix(state: u64): u64 {
  let z = state + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** Seeds the generator with an integer 0..2^53 - 1. */
export function seedWith(seed: f64): void {
  root = splitmix(<u64>seed);
}

/** Selects the stream of `draw`. */
export function openStream(stream: i64): void {
  const key = splitmix(root + <u64>stream);
  a = <u32>key;
  b = <u32>(key >> 32);
}

/** First term of z for the counters c .. c + 3. Adding `ahead` gives the next four counters. */
export function startAt(c: u32): v128 {
  const from = i32x4.splat(c * STEP + a);
  return i32x4.add(from, i32x4(0, 0x9e3779b9, 0x3c6ef372, 0xdaa66d2b));
}

/** Difference of four counters in the first term of z. */
export function ahead(): v128 {
  return i32x4.splat(4 * STEP);
}

/** 32 random bits for each of four counters. */
export function draw(counters: v128): v128 {
  let z = v128.xor(counters, i32x4.shr_u(counters, 16));
  z = i32x4.mul(z, i32x4.splat(0x7feb352d));
  z = v128.xor(v128.xor(z, i32x4.shr_u(z, 15)), i32x4.splat(b));
  z = i32x4.mul(z, i32x4.splat(0x846ca68b));
  return v128.xor(z, i32x4.shr_u(z, 16));
}
