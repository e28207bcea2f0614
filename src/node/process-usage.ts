import { processCpuTime, stageNames, type StageProfiler } from '../base/stage-profiler.js';
import { threadCpuTime } from '../base/thread-cpu-time.js';

/** What the process used of the machine in the last second. */
export interface ProcessUsage {
  /** CPU time of one core, 0..number of cores. */
  readonly cpu: number;
  /** Resident set size [byte]. */
  readonly memory: number;
  /**
   * Where the CPU time went, as shares of one core, in the order of the way: stages of a message, the `upkeep` of every
   * second, what else this thread did (`other`), what other threads did (`threads`), and `idle`: 1 in all.
   */
  readonly stages: ReadonlyMap<string, number>;
}

/** Measures what this process uses, from one call to the next. */
export class ProcessMeter {
  #time = process.hrtime.bigint();
  #used = processCpuTime();
  #thread = threadCpuTime();

  /** @param stages - in microseconds */
  constructor(readonly stages: StageProfiler) {}

  /** What was used since the last call, and memory now. */
  read(): ProcessUsage {
    const time = process.hrtime.bigint();
    const used = processCpuTime();
    const thread = threadCpuTime();
    const elapsed = Number(time - this.#time) / 1000;
    const share = (microseconds: number): number => (elapsed > 0 ? microseconds / elapsed : 0);
    const busy = used - this.#used;
    const marks = this.stages.read();
    const lapped = marks.reduce((sum, each) => sum + each, 0);
    // The clocks are read one after the other, and a helper thread may have run within a stage.
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
