import { stageNames, type Stage, type StageMarks } from '../agent/stages.js';
import { bookedThreadCpuTime } from '../base/thread-cpu-time.js';

/** Most runs timed per second; timing one costs ten to twenty microseconds. */
const mostTimed = 10;

/** Steps of the golden section around a circle meet every part of it equally, with any regular choice of steps too. */
const golden = (Math.sqrt(5) - 1) / 2;

/** Index of each stage. */
const indexOf = Object.fromEntries(stageNames.map((name, k) => [name, k])) as Readonly<Record<Stage, number>>;

/**
 * CPU time by stage, as a stopwatch with marks: the time since the last mark belongs to the stage that ends. Above ten
 * runs per second only some are timed, which represent the others whatever their order.
 */
export class StageProfiler implements StageMarks {
  /** Whether anything is timed. */
  on = true;
  readonly #used = new Float64Array(stageNames.length);
  #runs = 0;
  /** Position of the run on a circle of length 1. */
  #turn = 0;
  /** One run in this many is timed. */
  #every = 1;
  /** Runs that the current one represents; 0: it is not timed. */
  #weight = 0;
  #mark = 0;

  /**
   * @param cpu - CPU time so far, in any unit. The node uses getrusage of the process, which takes 0.7 µs per call and,
   *   unlike wall-clock time, excludes other processes that had the core. (The thread's own time is only in /proc, a
   *   hundred times slower.) Work of helper threads meanwhile, such as garbage collection, counts for the stage.
   */
  constructor(readonly cpu: () => number) {}

  /** Begins a run: callbacks are about to start. */
  begin(): void {
    if (!this.on) {
      this.#weight = 0;
      return;
    }
    this.#runs++;
    this.#turn = (this.#turn + golden) % 1;
    this.#weight = this.#turn * this.#every < 1 ? this.#every : 0;
    this.resume();
  }

  resume(): void {
    if (this.#weight > 0) this.#mark = this.cpu();
  }

  mark(stage: Stage): void {
    if (this.#weight === 0) return;
    const now = this.cpu();
    this.#used[indexOf[stage]] += this.#weight * (now - this.#mark);
    this.#mark = now;
  }

  /** Times work that is not one of many runs: always, and everything in it as one stage. */
  whole(stage: Stage, work: () => void): void {
    if (!this.on) {
      work();
      return;
    }
    const weight = this.#weight;
    this.#weight = 0;
    const from = this.cpu();
    work();
    this.#used[indexOf[stage]] += this.cpu() - from;
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

/** Resources that the process used in the last second. */
export interface ProcessUsage {
  /** CPU time of one core, 0..number of cores. */
  readonly cpu: number;
  /** Resident set size [byte]. */
  readonly memory: number;
  /**
   * Use of the CPU time, as shares of one core, in order: stages of a message, the `upkeep` of every second, the rest
   * of this thread (`other`), other threads (`threads`), and `idle`. The sum is 1, or more if several cores are busy.
   */
  readonly stages: ReadonlyMap<string, number>;
}

/** Measures the resources of this process, from one call to the next. */
export class ProcessMeter {
  #time = process.hrtime.bigint();
  #used = processCpuTime();
  #thread = bookedThreadCpuTime();

  /** @param stages - profiler that counts in microseconds */
  constructor(readonly stages: StageProfiler) {}

  /** Begins now. */
  restart(): void {
    this.#time = process.hrtime.bigint();
    this.#used = processCpuTime();
    this.#thread = bookedThreadCpuTime();
    this.stages.read();
  }

  /** Use since the last call or {@link ProcessMeter.restart}, and memory now. */
  read(): ProcessUsage {
    const time = process.hrtime.bigint();
    const used = processCpuTime();
    const thread = bookedThreadCpuTime();
    const elapsed = Number(time - this.#time) / 1000;
    const share = (microseconds: number): number => (elapsed > 0 ? microseconds / elapsed : 0);
    const busy = used - this.#used;
    const marks = this.stages.read();
    const lapped = marks.reduce((sum, each) => sum + each, 0);
    // Bounded, since the clocks are read one after the other, and a helper thread may have run within a stage.
    const ours = Math.min(busy, Math.max(lapped, thread - this.#thread));
    this.#time = time;
    this.#used = used;
    this.#thread = thread;
    const stages = new Map([
      ...stageNames.map((name, k): [string, number] => [name, share(marks[k])]),
      ['other', share(Math.max(0, ours - lapped))],
      ['threads', share(busy - ours)],
      ['idle', Math.max(0, 1 - share(busy))],
    ]);
    return { cpu: share(busy), memory: process.memoryUsage.rss(), stages };
  }
}
