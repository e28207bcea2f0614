// @ts-check
import { writeSync } from 'node:fs';

/** Exit code of a program that wrote to a closed pipe, as shells report it: 128 + SIGPIPE. */
const closedPipe = 141;

/**
 * Ends the process when its output cannot be written. If the reader has gone, as in `npm test | head -1`, it ends
 * silently, otherwise with one sentence on the other output.
 * @param {() => void} [stop] - ends running commands
 */
export function endOnBrokenOutput(stop) {
  for (const [stream, name, other] of /** @type {const} */ ([
    [process.stdout, 'standard output', 2],
    [process.stderr, 'standard error', 1],
  ])) {
    stream.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      stop?.();
      if (error.code === 'EPIPE') process.exit(closedPipe);
      try {
        writeSync(other, `Stopped: ${name} cannot be written (${error.message}).\n`);
      } catch {
        // The other output cannot be written either.
      }
      process.exit(1);
    });
  }
}
