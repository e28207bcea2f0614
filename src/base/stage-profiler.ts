import { Random } from './random.js';

/** The way from a message to its decision, in order. */
export const stageNames = ['take', 'convert', 'encode', 'decide', 'learn', 'publish', 'upkeep'] as const;

/** One of {@link stageNames}. */
export type Stage = (typeof stageNames)[number];

/** Whoever does a stage says so. */
export interface StageMarks {
  /** What ran since the lap before belongs to this stage. */
  mark(stage: Stage): void;
  /** Others had the thread since the lap before. */
  resume(): void;
}

/** Says nothing to anybody. */
export const noMarks: StageMarks = { mark: () => undefined, resume: () => undefined };

/** Runs that are timed, of those of a second: a lap costs about a microsecond. */
const mostTimed = 100;

/**
 * CPU time by stage, as a stopwatch with marks: whatever ran since the last mark belongs to the stage that ends. Above
 * 100 runs a second only some are timed, drawn by chance, and stand for the others.
 */
export class StageProfiler implements StageMarks {
  readonly #used = new Float64Array(stageNames.length);
  readonly #random = new Random(1);
  #runs = 0;
  /** One run in so many is timed. */
  #every = 1;
  /** Runs that the one under way stands for; 0: it is not timed. */
  #weight = 0;
  #mark = 0;

  /**
   * @param cpu - CPU time so far, in any unit. In the node that of the process, by getrusage: 0.7 µs a call, and unlike
   * the time on the wall it does not count other processes that got the core meanwhile. (The thread's own is told by
   * /proc only, a hundred times slower.) What helper threads do within a lap, as collecting garbage, counts for the stage.
   */
  constructor(readonly cpu: () => number) {}

  /** Callbacks are about to run: the first lap begins. */
  begin(): void {
    this.#runs++;
    this.#weight = this.#every === 1 || this.#random.below(this.#every) === 0 ? this.#every : 0;
    this.resume();
  }

  resume(): void {
    if (this.#weight > 0) this.#mark = this.cpu();
  }

  mark(stage: Stage): void {
    if (this.#weight === 0) return;
    const now = this.cpu();
    this.#used[stageNames.indexOf(stage)] += this.#weight * (now - this.#mark);
    this.#mark = now;
  }

  /** Work that is no run of many: always timed, as one stage, with whatever is done in it. */
  whole(stage: Stage, work: () => void): void {
    const weight = this.#weight;
    this.#weight = 0;
    const from = this.cpu();
    work();
    this.#used[stageNames.indexOf(stage)] += this.cpu() - from;
    this.#weight = weight;
    this.resume();
  }

  /**
   * CPU time of each stage since the last call; call it once a second.
   *
   * @returns in the order of {@link stageNames}
   */
  read(): number[] {
    const used = [...this.#used];
    this.#used.fill(0);
    this.#every = Math.max(1, Math.ceil(this.#runs / mostTimed));
    this.#runs = 0;
    return used;
  }
}

/** CPU time of this process, all threads [µs]. */
export function processCpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
