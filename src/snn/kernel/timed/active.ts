// The active inputs of a sample, from the quads listed by ../read, and their spike probabilities per step
//
//   p_i = min(1, x_i (density / X)) ,  density = r_in / 10 Hz
//
// so every sample has the same input rate, as long as no p_i is cut at 1.
import { active, intensity, quads } from '../read';
import { byInput, neuronStride } from '../state';
import { quadInputs, quadOffset } from '../work';
import { density } from './timed-point';
import { activeRank, activeRow, activeValue, chance, lastPre } from './timed-work';

/** Lists the active inputs with their p_i. None has spiked yet. */
export function listActive(): void {
  const bytes = compact();
  memory.fill(lastPre, 0xff, bytes);
  const perUnit = f32x4.splat(density / <f32>intensity);
  const end = (<usize>active) << 2;
  for (let k: usize = 0; k < end; k += 16) {
    v128.store(chance + k, f32x4.pmin(f32x4.mul(v128.load(activeValue + k), perUnit), f32x4.splat(1)));
  }
}

// Branch-free: every input of a quad is written, and the next input overwrites it if it is not active.
function compact(): usize {
  const rowBytes = (<usize>neuronStride) << 2;
  const end = (<usize>quads) << 2;
  const rows = activeRow;
  const ranks = activeRank;
  const values = activeValue;
  let to: usize = 0;
  for (let at: usize = 0; at < end; at += 4) {
    let x = load<u32>(quadInputs + at);
    let rank = <usize>(load<u32>(quadOffset + at) >> 2);
    for (let lane = 0; lane < 4; lane++) {
      store<u32>(rows + to, <u32>(byInput + rank * rowBytes));
      store<u32>(ranks + to, <u32>rank);
      store<f32>(values + to, <f32>(x & 0xff));
      to += (<usize>((x & 0xff) != 0)) << 2;
      x >>= 8;
      rank++;
    }
  }
  return to;
}
