// Step 1: X = sum_i x_i. A picture with a mean above 127.5 is inverted, x_i <- 255 - x_i, so that dark on bright
// becomes bright on dark. Then inputs are listed in scan order by quads (four neighbours), only quads with an active
// input.
import { sumInts } from './lanes';
import { count, ENCODER_UPDATES } from './result';
import { inputs, inputStride, polarity } from './state';
import { input, inverted, quadInputs, quadOffset, scan } from './work';

/** X. */
export let intensity: i32 = 0;
/** Number of inputs with x_i above 0. */
export let active: i32 = 0;
/** Number of quads with an active input. */
export let quads: i32 = 0;

/** Reads the sample in `input`. */
export function read(): void {
  intensity = sumOf(input);
  let source = input;
  if (polarity && 2 * intensity > 255 * inputs) {
    invert();
    source = inverted;
    intensity = 255 * inputs - intensity;
  }
  active = activeOf(source);
  quads = intensity > 0 ? listQuads(source) : 0;
  count(ENCODER_UPDATES, active);
}

function sumOf(source: usize): i32 {
  const end = source + <usize>inputs;
  let at = source;
  let sum = i32x4.splat(0);
  do {
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v128.load(at))));
    at += 16;
  } while (at < end);
  return sumInts(sum);
}

function invert(): void {
  let at: usize = 0;
  do {
    v128.store(inverted + at, v128.not(v128.load(input + at)));
    at += 16;
  } while (at < <usize>inputs);
  memory.fill(inverted + <usize>inputs, 0, 16 - ((<usize>inputs) & 15));
}

function activeOf(source: usize): i32 {
  const end = source + <usize>inputs;
  let at = source;
  let found = 0;
  do {
    found += i32.popcnt(i8x16.bitmask(i8x16.ne(v128.load(at), i8x16.splat(0))));
    at += 16;
  } while (at < end);
  return found;
}

// Branch-free: every quad is written, and the next quad overwrites it if it has no active input.
function listQuads(source: usize): i32 {
  const offsets = quadOffset;
  const packed = quadInputs;
  const last = (<usize>inputStride) << 2;
  let place = scan;
  let offset: usize = 0;
  let to: usize = 0;
  do {
    const x =
      (<u32>load<u8>(source + <usize>load<u16>(place))) |
      ((<u32>load<u8>(source + <usize>load<u16>(place, 2))) << 8) |
      ((<u32>load<u8>(source + <usize>load<u16>(place, 4))) << 16) |
      ((<u32>load<u8>(source + <usize>load<u16>(place, 6))) << 24);
    store<u32>(offsets + to, <u32>offset);
    store<u32>(packed + to, x);
    to += (<usize>(x != 0)) << 2;
    place += 8;
    offset += 16;
  } while (offset < last);
  return <i32>(to >> 2);
}
