import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { ask } from './ask.js';

/** Machine, time and version of a measurement. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** [byte] */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  /** Mean number of runnable processes in the minute before the measurement. */
  readonly load: number;
  /** Date, UTC. */
  readonly date: string;
  /** Commit of the running checkout; `null`: not a checkout. */
  readonly commit: string | null;
}

/** Describes this machine, now. */
export function thisMachine(): Machine {
  const [load = NaN] = loadavg();
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: totalmem(),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load: Math.round(10 * load) / 10,
    date: new Date().toISOString().slice(0, 10),
    commit: ask('git', 'describe', '--always', '--dirty')?.trim() ?? null,
  };
}
