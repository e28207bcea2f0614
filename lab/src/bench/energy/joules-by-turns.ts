import type { EnergyMeter } from 'topspark/energy/energy-meter.js';
import { median } from '../engine/alternate.js';

// Joules of a piece of work, on a machine whose meter covers everything that runs on it:
//
//   E = (E_work − P_idle t_work) / n          P_idle = E_idle / t_idle, of the same round
//
// A round is an idle turn, then one turn of each contender. The median of the rounds counts, so that other load on the
// machine affects all contenders alike. The idle loop reads the meter as often as the work does, so that the cost of
// reading is subtracted too.

/** Work that can be done in small pieces. */
export interface MeteredWork {
  readonly name: string;
  /** Presents about this many samples, here or in another process, and returns how many it presented. */
  readonly run: (samples: number) => number | Promise<number>;
  /** Samples in one piece. The meter is not read during a piece, so one in this process should take a {@link slice}. */
  readonly batch: number;
}

/** The machine; passed in, so that tests can supply one with known results. */
export interface MeteredMachine {
  readonly meter: EnergyMeter;
  /** Monotonic time [s]. */
  readonly now: () => number;
  /** Idles this thread for a time [s]. */
  readonly idle: (seconds: number) => void;
  /** Resolves after a time [s], while another process works. */
  readonly later: (seconds: number) => Promise<void>;
}

/** Result for one piece of work. */
export interface MeteredJoules {
  /** Energy of a sample beyond that of idling [J]; median of the rounds. */
  readonly perSample: number;
  /** One entry per round [J]. */
  readonly rounds: readonly number[];
}

/**
 * Longest time between two readings of the meter [s]: 400 Hz, above the 350 Hz needed to follow a power that changes.
 */
export const slice = 1 / 400;

/**
 * Measures all work in turns, with an idle turn in each round.
 *
 * @param seconds - length of a turn [s]; long compared with a step of the meter's counter (RAPL: 1 ms)
 * @param progress - called after each turn
 * @returns joules in the order of the work, and the power of the idle machine [W]
 * @throws TopsparkError `energy_source_lost` where the meter stops working
 */
export async function joulesByTurns(
  work: readonly MeteredWork[],
  { meter, now, idle, later }: MeteredMachine,
  rounds: number,
  seconds: number,
  progress: () => void,
): Promise<{ readonly joules: readonly MeteredJoules[]; readonly idlePower: number }> {
  const finished = async (samples: Promise<number>): Promise<number> => {
    for (;;) {
      const done = await Promise.race([samples, later(slice)]);
      meter.read(now());
      if (typeof done === 'number') return done;
    }
  };
  const turn = async (once: () => number | Promise<number>): Promise<Turn> => {
    const begin = now();
    const before = meter.read(begin).joules;
    let after = before;
    let end = begin;
    let samples = 0;
    while (end - begin < seconds) {
      const piece = once();
      samples += typeof piece === 'number' ? piece : await finished(piece);
      end = now();
      after = meter.read(end).joules;
    }
    progress();
    return { energy: after - before, time: end - begin, samples };
  };
  const found = work.map((): number[] => []);
  const powers: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const rest = await turn(() => {
      idle(slice);
      return 0;
    });
    const power = rest.energy / rest.time;
    powers.push(power);
    for (const [index, { run, batch }] of work.entries()) {
      const { energy, time, samples } = await turn(() => run(batch));
      found[index].push((energy - power * time) / samples);
    }
  }
  return {
    joules: found.map((each) => ({ perSample: median(each), rounds: each })),
    idlePower: median(powers),
  };
}

/** Energy and length of a turn [J, s], and the samples presented in it. */
interface Turn {
  readonly energy: number;
  readonly time: number;
  readonly samples: number;
}
