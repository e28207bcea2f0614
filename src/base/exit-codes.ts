import { TopsparkError, type ErrorKind } from './errors.js';

/** How every program of topspark ends. docs/troubleshooting.md explains them to users. */
export const exitCodes = {
  /** It did what was asked; the node also after SIGINT or SIGTERM, when all is saved. */
  done: 0,
  /** It failed: the machine lacks something, or a fault of ours. */
  failed: 1,
  /** It was called in a way that cannot be: an option, a parameter, a combination, an output that cannot be written. */
  usage: 2,
  /** What it was given to read is not as it must be: data sets, bags, checkpoints, profiles. */
  data: 3,
  /** SIGINT ended it: 128 + 2. */
  interrupted: 130,
  /** Nobody reads its output any more: 128 + SIGPIPE. */
  closedPipe: 141,
  /** SIGTERM ended it: 128 + 15. */
  terminated: 143,
} as const;

const byKind: Readonly<Record<ErrorKind, number>> = {
  usage: exitCodes.usage,
  data: exitCodes.data,
  checkpoint: exitCodes.data,
  environment: exitCodes.failed,
};

/** Exit code of a program that an error ended. */
export function exitCodeOf(error: unknown): number {
  return error instanceof TopsparkError ? byKind[error.kind] : exitCodes.failed;
}

/** Exit code of a program that a signal ended at once. */
export function exitCodeOfSignal(signal: 'SIGINT' | 'SIGTERM'): number {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}
