// Step 2: systematic sampling. Up to and including input i there are
//
//   n_i = min(E, floor(E (x_0 + .. + x_i) / X + 1/2))  events, of them  e_i = ceil(n_i / 8)  first ones (0, 8, 16, ..)
//
// so input i has e_i - e_(i-1) first events and (n_i - n_(i-1)) - (e_i - e_(i-1)) later ones. It needs no random
// numbers. The rounding error of an input is passed on to the next one, which is a neighbour on the Hilbert scan.
import { STRANDS } from './constants';
import { zero } from './buffers';
import { events } from './point';
import { intensity, quads } from './read';
import { count, INPUT_SPIKES } from './result';
import { byInput, neuronStride } from './state';
import { firstRow, quadInputs, quadOffset, restCount, restOffset, STREAMS, zeroRow } from './work';

/** E1: number of first events, and the same rounded up to whole streams. */
export let firstEvents: i32 = 0;
export let firstRows: i32 = 0;
/** Number of quads with later events. */
export let restQuads: i32 = 0;

/** Lists the first and the later events of the sample that `read` has read. */
export function placeEvents(): void {
  firstEvents = (events + STRANDS - 1) / STRANDS;
  firstRows = ((firstEvents + STREAMS - 1) / STREAMS) * STREAMS;
  zero(firstRow, (<usize>firstRows) << 2);
  restQuads = place();
  addressRows();
  count(INPUT_SPIKES, events);
}

// Branch-free. Each input writes its rank into the slot of the next first event. The last input that writes a slot owns
// the event. An input with several first events writes only the first of their slots; the others stay 0 (see
// addressRows).
function place(): i32 {
  const perUnit = f32x4.splat(<f32>events / <f32>intensity);
  const most = i32x4.splat(events);
  const half = f32x4.splat(0.5);
  const seven = i32x4.splat(STRANDS - 1);
  const zero = i32x4.splat(0);
  const end = (<usize>quads) << 2;
  let sum = zero;
  let placedBefore = zero;
  let earlyBefore = zero;
  let at: usize = 0;
  let to: usize = 0;
  do {
    let x = v128.load32_zero(quadInputs + at);
    x = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(x));
    x = i32x4.add(x, v128.shuffle<i32>(zero, x, 0, 4, 5, 6));
    x = i32x4.add(x, v128.shuffle<i32>(zero, x, 0, 1, 4, 5));
    const running = i32x4.add(x, sum);
    sum = v128.shuffle<i32>(running, running, 3, 3, 3, 3);
    const share = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(running), perUnit), half);
    const placed = i32x4.min_s(most, i32x4.trunc_sat_f32x4_s(share));
    const early = i32x4.shr_s(i32x4.add(placed, seven), 3);
    const placedLast = v128.shuffle<i32>(placedBefore, placed, 3, 4, 5, 6);
    const earlyLast = v128.shuffle<i32>(earlyBefore, early, 3, 4, 5, 6);
    placedBefore = placed;
    earlyBefore = early;

    const offset = load<u32>(quadOffset + at);
    const rank = offset >> 2;
    store<u32>(firstRow + ((<usize>i32x4.extract_lane(earlyLast, 0)) << 2), rank);
    store<u32>(firstRow + ((<usize>i32x4.extract_lane(earlyLast, 1)) << 2), rank + 1);
    store<u32>(firstRow + ((<usize>i32x4.extract_lane(earlyLast, 2)) << 2), rank + 2);
    store<u32>(firstRow + ((<usize>i32x4.extract_lane(earlyLast, 3)) << 2), rank + 3);

    const rest = i32x4.sub(i32x4.sub(placed, placedLast), i32x4.sub(early, earlyLast));
    v128.store(restCount + (to << 2), f32x4.convert_i32x4_s(rest));
    store<u32>(restOffset + to, offset);
    to += (<usize>v128.any_true(rest)) << 2;
    at += 4;
  } while (at < end);
  return <i32>(to >> 2);
}

// Converts ranks into addresses of rows. Ranks ascend, so a slot that is still 0 belongs to the input of the slot
// before.
function addressRows(): void {
  const rowBytes = (<usize>neuronStride) << 2;
  const end = firstRow + ((<usize>firstEvents) << 2);
  let at = firstRow;
  let rank: u32 = 0;
  do {
    const next = load<u32>(at);
    rank = next > rank ? next : rank;
    store<u32>(at, <u32>(byInput + <usize>rank * rowBytes));
    at += 4;
  } while (at < end);
  for (const stop = firstRow + ((<usize>firstRows) << 2); at < stop; at += 4) store<u32>(at, <u32>zeroRow);
}
