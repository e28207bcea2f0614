import { readdirSync, readFileSync } from 'node:fs';

/** Memory of a process: its private memory, and its share of shared memory [byte]. */
export interface ProcessMemory {
  readonly privateBytes: number;
  /** Proportional set size: private memory, and this process's part of each shared page. */
  readonly pss: number;
}

/**
 * CPU time of each thread of a process so far, by name of thread [s]; threads of the same name are added. Linux only.
 * Resolves nanoseconds, while the ticks of /proc/PID/stat take 10 ms.
 */
export function threadTimes(pid: number): Map<string, number> {
  const times = new Map<string, number>();
  const folder = `/proc/${pid}/task`;
  for (const thread of readdirSync(folder)) {
    try {
      const name = readFileSync(`${folder}/${thread}/comm`, 'utf8').trim();
      const [onCpu = '0'] = readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ');
      times.set(name, (times.get(name) ?? 0) + Number(onCpu) / 1e9);
    } catch {
      // The thread has ended in the meantime.
    }
  }
  return times;
}

/** Reads the memory of a process; Linux only. */
export function processMemory(pid: number): ProcessMemory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const bytes = (name: string): number => 1024 * Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? NaN);
  return { privateBytes: bytes('Private_Clean') + bytes('Private_Dirty'), pss: bytes('Pss') };
}
