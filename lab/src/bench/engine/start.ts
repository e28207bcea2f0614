import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './alternate.js';

/** Start of a fresh process of plain Node; medians. */
export interface Start {
  /** Time from the import of the engine to its first decision, N = 400 [s]. */
  readonly firstDecision: number;
  /** CPU time of the same, which excludes waiting for a busy core [s]. */
  readonly firstDecisionCpu: number;
  /** Time from the start of the process, with Node's own, to its end after 5000 learned samples [s]. */
  readonly process: number;
  /** Resident set after these samples [byte]. */
  readonly memory: number;
}

/** Starts fresh processes one after another. */
export function measureStart(times: number, progress: (done: number) => void): Start {
  const program = fileURLToPath(new URL('./first-decision.js', import.meta.url));
  const runs = Array.from({ length: times }, () => {
    const begin = performance.now();
    const start = JSON.parse(execFileSync(process.execPath, [program], { encoding: 'utf8' })) as Start;
    progress(1);
    return { ...start, process: (performance.now() - begin) / 1000 };
  });
  const middle = (name: keyof Start): number => median(runs.map((run) => run[name]));
  return {
    firstDecision: middle('firstDecision'),
    firstDecisionCpu: middle('firstDecisionCpu'),
    process: middle('process'),
    memory: middle('memory'),
  };
}
