#!/usr/bin/env node
import { exitCodes, explain } from '../base/errors.js';
import { exitCode, runCommandLine } from './run-command-line.js';

endWhereOutputIsLost();
process.on('uncaughtException', fail);
await runCommandLine(process.argv);

// Errors that nothing awaits, such as in a callback of ROS.
function fail(error: unknown): void {
  process.stderr.write(`topspark: ${explain(error)}\n`);
  process.exit(exitCode(error));
}

/**
 * Ends the process when its output is lost, without the stack trace that Node would print. If the reader is gone, as in
 * `topspark bench --help | head -1`, it ends silently: Node ignores the signal that ends other programs. If the output
 * cannot be written, as on a full disk, it prints one sentence.
 */
function endWhereOutputIsLost(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(exitCodes.closedPipe);
      if (stream === process.stdout) {
        process.stderr.write(`topspark: standard output cannot be written: ${error.message}\n`);
      }
      process.exit(exitCodes.failed);
    });
  }
}
