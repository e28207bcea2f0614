import { readFileSync } from 'node:fs';

/** Unit of times in /proc: USER_HZ, which is 100 on every Linux that Node runs on [1/s]. */
const ticks = 100;

/** CPU time that a process has used so far, in user and in system mode, all threads [s]; Linux only. */
export function processCpu(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program may hold spaces and parentheses; what follows its end is numbers.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}
