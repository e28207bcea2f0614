// Regular spikes: an accumulator starts at phase_i, gains p_i per step, and spikes when it reaches an integer,
//
//   t_n = ceil((n - phase_i) / p_i) - 1 ,  n = 1, 2, ..        in float64: (n - phase_i) times the rounded 1 / p_i
import { steps } from '../point';
import { active } from '../read';
import { enter, hasRoom } from './spike-schedule';
import { activeRank, chance, startPhase } from './timed-work';

/** Adds the spikes of all active inputs from `to` on. Returns the end of the list. */
export function scheduleRegular(to: usize): usize {
  const end = (<usize>active) << 2;
  const phases = startPhase;
  for (let k: usize = 0; k < end && hasRoom(to); k += 4) {
    const phase = <f64>load<u16>(phases + ((<usize>load<u32>(activeRank + k)) << 1)) / 65536.0;
    const period = 1 / <f64>load<f32>(chance + k);
    let left = 1 - phase;
    do {
      const t = <i32>ceil(min<f64>(left * period, <f64>steps + 1)) - 1;
      to = enter(to, k, t);
      left += 1;
    } while (t < steps);
  }
  return to;
}
