import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { ask } from './ask.js';

/** Where and when something was measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** [byte] */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  /** Mean number of runnable processes in the last minute, when the measurement began. */
  readonly load: number;
  /** Day, UTC. */
  readonly date: string;
  /** Commit of the checkout that runs; `null` where it is none. */
  readonly commit: string | null;
}

/** This machine, now. */
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
