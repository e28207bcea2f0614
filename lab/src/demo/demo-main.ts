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
    stop.abort(); // again and again without effect: the processes are ended once, in order
  });
}
// Nobody reads any more, as after `npm start | head`.
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
    // Ours may show the last lines of a process that ended early.
    process.stderr.write(`${error instanceof TopsparkError ? error.message : explain(error)}\n`);
    return exitCodeOf(error);
  }
}

process.exitCode = await main();
