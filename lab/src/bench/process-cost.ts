import { readdirSync, readFileSync } from 'node:fs';

/** Memory of a process: its private memory, and its share of shared memory [byte]. */
export interface ProcessMemory {
  readonly privateBytes: number;
  /** Proportional set size: private memory, and of each shared page the part of one process. */
  readonly pss: number;
}

/**
 * CPU time of each thread of a process so far, by the name of the thread [s]; threads of one name are added. Linux only; to
 * the nanosecond, where the ticks of /proc/PID/stat are 10 ms.
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
      // The thread has ended meanwhile.
    }
  }
  return times;
}

/** Linux only. */
export function processMemory(pid: number): ProcessMemory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const bytes = (name: string): number => 1024 * Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? NaN);
  return { privateBytes: bytes('Private_Clean') + bytes('Private_Dirty'), pss: bytes('Pss') };
}
