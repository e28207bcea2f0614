import { exitCodes } from '../base/errors.js';

/**
 * Ends the process where its output goes nowhere. Nobody reads it any more, as in `topspark bench --help | head -1`: in
 * silence, since Node ignores the signal that ends other programs then. It cannot be written, as on a full disk: in one
 * sentence. Node would show a stack trace.
 */
export function endWhereOutputIsLost(): void {
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
