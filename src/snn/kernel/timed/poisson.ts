// Poisson spikes: an input spikes in every step with probability p_i, so intervals K between spikes are geometric,
//
//   K = 1 + floor(-ln U / lambda_i) ,  lambda_i = -ln(1 - p_i):   P(K > k) = P(-ln U >= k lambda_i) = (1 - p_i)^k
//
// The n-th interval of input i has U = ((z >> 8) | 1) 2^-24, z of counter 1024 rank_i + n (kernel-random.ts). This
// draws one random number per spike. Bernoulli trials need one per active input and step, and an unpredictable branch
// per spike.
//
// CPU time of a decision [us], trials (16 bits, eight at a time) / intervals, measured in the same run:
//
//   150 of 784 inputs active, N = 12 (rows hardly count):  T = 350  91 / 45
//   all of 16384 inputs active, N = 100:  T = 350  2358 / 641 ,  T = 50  455 / 487
//   N = 400 (integrate.ts has become faster since):  T = 350  239 / 169 ,  T = 50  70 / 64 ,  T = 16  35 / 37
import { steps } from '../point';
import { active } from '../read';
import { MOST_STEPS } from './timed-constants';
import { logarithm, twiceArtanh } from './logarithm';
import { ahead, draw, startAt } from './kernel-random';
import { enterFour, hasRoom } from './spike-schedule';
import { activeRank, chance, spread } from './timed-work';

/** Adds the spikes of all active inputs from `to` on. Returns the end of the list. */
export function schedulePoisson(to: usize): usize {
  findSpreads();
  const end = (<usize>active) << 2;
  for (let k: usize = 0; k < end && hasRoom(to); k += 4) {
    const scale = f32x4.splat(load<f32>(spread + k));
    let counters = startAt(load<u32>(activeRank + k) << 10);
    let last = i32x4.splat(-1);
    do {
      const times = i32x4.add(last, sumUp(intervals(counters, scale)));
      to = enterFour(to, k, times);
      counters = i32x4.add(counters, ahead());
      last = v128.shuffle<i32>(times, times, 3, 3, 3, 3);
    } while (i32x4.extract_lane(last, 0) < steps);
  }
  return to;
}

// 1 / lambda_i; 0 where p_i = 1. 1 - p rounds a small p away, so there lambda = ln((1 + s) / (1 - s)) with
// s = p / (2 - p).
function findSpreads(): void {
  const one = f32x4.splat(1);
  const end = (<usize>active) << 2;
  for (let k: usize = 0; k < end; k += 16) {
    const p = v128.load(chance + k);
    const small = twiceArtanh(f32x4.div(p, f32x4.sub(f32x4.splat(2), p)));
    const large = f32x4.neg(logarithm(f32x4.sub(one, p)));
    const lambda = v128.bitselect(small, large, f32x4.lt(p, f32x4.splat(0.25)));
    v128.store(spread + k, v128.and(f32x4.lt(p, one), f32x4.div(one, lambda)));
  }
}

// Draws four intervals. They are cut at MOST_STEPS + 1, longer than any sample.
function intervals(counters: v128, scale: v128): v128 {
  const bits = v128.or(i32x4.shr_u(draw(counters), 8), i32x4.splat(1));
  const u = f32x4.mul(f32x4.convert_i32x4_s(bits), f32x4.splat(<f32>(1.0 / 16777216.0)));
  const steps = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.neg(logarithm(u)), scale));
  return i32x4.add(i32x4.min_s(steps, i32x4.splat(MOST_STEPS)), i32x4.splat(1));
}

// a, a + b, a + b + c, a + b + c + d.
function sumUp(x: v128): v128 {
  const zero = i32x4.splat(0);
  const pairs = i32x4.add(x, v128.shuffle<i32>(zero, x, 0, 4, 5, 6));
  return i32x4.add(pairs, v128.shuffle<i32>(zero, pairs, 0, 1, 4, 5));
}
