/** A contender, whose CPU time per sample is measured in turn with others. */
export interface Contender {
  readonly name: string;
  /**
   * Presents samples.
   *
   * @param samples - number of samples
   */
  run(samples: number): void;
}

/** CPU time per sample [µs]. */
export interface Timing {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** One entry per round, in order: entries of the same round were measured side by side. */
  readonly rounds: readonly number[];
}

/** Length and number of measurements. */
export interface ContenderEffort {
  readonly rounds: number;
  /** CPU time of one contender in one round [ms], approximately. */
  readonly milliseconds: number;
}

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/**
 * Measures all contenders in turn, round after round, so that other load on the machine affects all alike. It measures
 * CPU time of the process, not wall time, so waiting for other processes does not count.
 *
 * @param progress - called with the number of measurements done, of rounds × contenders
 * @returns timings in the order of the contenders
 */
export function alternate(
  contenders: readonly Contender[],
  effort: ContenderEffort,
  progress: (done: number) => void,
): Timing[] {
  const samples = contenders.map((contender) => samplesIn(contender, effort.milliseconds * 1000));
  const rounds = contenders.map((): number[] => []);
  for (let round = 0; round < effort.rounds; round++) {
    contenders.forEach((contender, index) => {
      rounds[index].push(microseconds(contender, samples[index]));
      progress(1);
    });
  }
  return rounds.map(timing);
}

/** Median and range of the rounds. */
export function timing(rounds: readonly number[]): Timing {
  const sorted = rounds.toSorted((a, b) => a - b);
  const [low = NaN] = sorted;
  return { median: median(sorted), low, high: sorted.at(-1) ?? NaN, rounds };
}

/** Median of numbers in any order; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

function microseconds(contender: Contender, samples: number): number {
  const start = cpu();
  contender.run(samples);
  return (cpu() - start) / samples;
}

// Doubles the number of samples until a trial is long enough to estimate the time of one.
function samplesIn(contender: Contender, wanted: number): number {
  for (let samples = 4; ; samples *= 2) {
    const each = microseconds(contender, samples);
    if (each * samples > wanted / 4) return Math.max(1, Math.round(wanted / each));
  }
}
