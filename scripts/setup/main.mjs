// @ts-check

const nodeFloor = [20, 20, 2];

/**
 * Runs a script's work and ends the process with the exit code that it returns. A failure that the user can mend is shown
 * without a stack trace; a set-up that is stopped stops what it started.
 * @param {() => Promise<number>} work - imports the rest of the set-up itself, as an old Node may not be able to
 * @returns {Promise<void>}
 */
export async function main(work) {
  const found = process.versions.node.split('.').map(Number);
  const below = found.findIndex((part, i) => part !== nodeFloor[i]);
  if (below !== -1 && below < 3 && found[below] < nodeFloor[below]) {
    process.stderr.write(
      `Node.js ${nodeFloor.join('.')} or later is needed, this is ${process.versions.node}.\nGet it: https://nodejs.org\n`,
    );
    process.exit(1);
  }
  const { stopCommands } = await import('./run.mjs');
  const { SetupError } = await import('./setup-error.mjs');
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])) {
    process.on(signal, () => {
      stopCommands();
      process.exit(code);
    });
  }
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
