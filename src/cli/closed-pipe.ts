/** What a shell reports of a program that wrote to a closed pipe: 128 + SIGPIPE. */
const closedPipe = 141;

/**
 * Ends the process quietly when nobody reads its output any more, as in `topspark bench --help | head -1`. Node ignores the
 * signal that ends other programs then, and would show a stack trace.
 */
export function endOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(closedPipe);
    });
  }
}
