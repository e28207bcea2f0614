import { TopsparkError } from './errors.js';
import { printable } from './quoted.js';

/**
 * The failure in one sentence that may reach a terminal. Where it is none that we foresaw, the sentence says how to see
 * where it happened: with the variable TOPSPARK_TRACE set, it ends with the stack trace.
 */
export function explain(error: unknown, env: NodeJS.ProcessEnv = process.env): string {
  const sentence = printable((error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, '; '));
  if (error instanceof TopsparkError || isOfTheSystem(error)) return sentence;
  if (env['TOPSPARK_TRACE'] === undefined) return `unexpected error: ${sentence} (TOPSPARK_TRACE=1 shows where)`;
  return `unexpected error: ${sentence}\n${error instanceof Error ? (error.stack ?? '') : ''}`;
}

// `ENOSPC: no space left on device, write`: there is nothing of ours in it.
function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
