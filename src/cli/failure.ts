import { CommanderError } from 'commander';
import { TopsparkError } from '../base/errors.js';

/** Exit code of a command that ended early: 2 for usage, 3 for data and stored states, 1 for everything else. */
export function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof TopsparkError)) return 1;
  return { usage: 2, data: 3, checkpoint: 3, environment: 1 }[error.kind];
}

/** The failure in words; a stack trace only for what we did not foresee. */
export function explain(error: unknown): string {
  if (error instanceof TopsparkError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
