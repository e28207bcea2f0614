// @ts-check
import { writeSync } from 'node:fs';

/** What a shell reports of a program that wrote to a closed pipe: 128 + SIGPIPE. */
const closedPipe = 141;

/**
 * Ends the process where its output cannot be written: quietly where nobody reads it any more, as in `npm test | head -1`,
 * else with one sentence in the other output.
 * @param {() => void} [stop] - ends what runs
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
        // That one neither.
      }
      process.exit(1);
    });
  }
}
