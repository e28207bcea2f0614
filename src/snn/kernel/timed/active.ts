// The active inputs of a sample, from the quads that ../read lists:
//
//   p_i = min(1, density x_i / X) ,  density = r_in / 10 Hz       in 65536ths, rounded, at most 65535
//
// so every sample has the same input rate, and p = 1 is missed once in 65536 steps.
import { intensity, quads } from '../read';
import { byInput, neuronStride } from '../state';
import { quadInputs, quadOffset } from '../work';
import { density } from './point';
import { activeRow, activeValue, chance, lastPre, phase, startPhase } from './work';

/** Registers of eight active inputs. */
export let eights: i32 = 0;

/** Lists them with their chances; none has spiked. */
export function listActive(): void {
  const bytes = compact();
  // Whole registers: behind the last input nothing can spike.
  memory.fill(activeValue + bytes, 0, 32);
  eights = <i32>((bytes + 31) >> 5);
  memory.fill(lastPre, 0xff, bytes);
  const perUnit = f32x4.splat(perIntensity() * 65536);
  for (let k: usize = 0; k < (<usize>eights) << 5; k += 32) {
    const low = chances(v128.load(activeValue + k), perUnit);
    const high = chances(v128.load(activeValue + k, 16), perUnit);
    v128.store(chance + (k >> 1), i16x8.narrow_i32x4_u(low, high));
  }
}

/** density / X. */
export function perIntensity(): f32 {
  return density / <f32>intensity;
}

function chances(x: v128, perUnit: v128): v128 {
  const rounded = f32x4.add(f32x4.mul(x, perUnit), f32x4.splat(0.5));
  return i32x4.min_s(i32x4.splat(65535), i32x4.trunc_sat_f32x4_s(rounded));
}

// Branch-free: every input of a quad is written, and the next one overwrites it unless it was active.
function compact(): usize {
  const rowBytes = (<usize>neuronStride) << 2;
  const end = (<usize>quads) << 2;
  let to: usize = 0;
  for (let at: usize = 0; at < end; at += 4) {
    let x = load<u32>(quadInputs + at);
    let rank = <usize>(load<u32>(quadOffset + at) >> 2);
    for (let lane = 0; lane < 4; lane++) {
      store<u32>(activeRow + to, <u32>(byInput + rank * rowBytes));
      store<f32>(activeValue + to, <f32>(x & 0xff));
      store<u16>(phase + (to >> 1), load<u16>(startPhase + (rank << 1)));
      to += (<usize>((x & 0xff) != 0)) << 2;
      x >>= 8;
      rank++;
    }
  }
  return to;
}
