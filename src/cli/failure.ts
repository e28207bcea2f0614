import { CommanderError } from 'commander';
import { exitCodeOf, exitCodes } from '../base/errors.js';

/** Exit code of a command that ended early. */
export function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  return exitCodeOf(error);
}
