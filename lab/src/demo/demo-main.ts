import { TopsparkError, explain, exitCodeOf, exitCodes } from 'topspark/base/errors.js';
import { demoEnvironment } from './environment.js';
import { readOptions } from './demo-options.js';
import { runDemo } from './run-demo.js';
import { openScreen } from './screen.js';
import { summaryLines } from './summary.js';

// `npm start`: the demo from command line to exit code.

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stop.abort(); // repeats have no effect: the processes are ended once, in order
  });
}
// The reader of the output is gone, as after `npm start | head`.
process.stdout.on('error', () => {
  stop.abort();
});

async function main(): Promise<number> {
  const options = readOptions(process.argv);
  try {
    Object.assign(process.env, demoEnvironment(process.env, options.domain, process.pid));
    const stream = options.json ? process.stderr : process.stdout;
    const summary = await runDemo(options, openScreen(stream, options.samples), stop.signal);
    stream.write(`\n${summaryLines(summary).join('\n')}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    return exitCodes.done;
  } catch (error) {
    // Our own errors are printed as they are: they may contain the last lines of a process that ended early.
    process.stderr.write(`${error instanceof TopsparkError ? error.message : explain(error)}\n`);
    return exitCodeOf(error);
  }
}

process.exitCode = await main();
