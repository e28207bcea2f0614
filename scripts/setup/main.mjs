// @ts-check

const nodeFloor = [20, 20, 2];

/**
 * Runs a script's work and ends the process with the exit code that it returns. A failure that the user can repair is
 * shown without a stack trace. Ctrl-C, SIGTERM and a closed terminal end the started commands, then the script, with
 * 128 + the signal's number. A second signal ends everything at once.
 * @param {() => Promise<number>} work - imports the rest of the set-up itself, since an old Node may fail to load it
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
  const { setImmediate: nextTurn } = await import('node:timers/promises');
  const { interruption, listenForInterruptions } = await import('./interruption.mjs');
  const { endOnBrokenOutput } = await import('./outputs.mjs');
  const { killCommands } = await import('./run.mjs');
  const { SetupError } = await import('./setup-error.mjs');
  const { explain } = await import('./system-error.mjs');
  listenForInterruptions();
  endOnBrokenOutput(killCommands);
  try {
    process.exitCode = await work();
  } catch (error) {
    // Ctrl-C may end a child first, whose failure is caught here. This process handles its own signal a turn later.
    await nextTurn();
    await nextTurn();
    const stopped = interruption();
    const failure = stopped ?? (error instanceof SetupError ? error : explain(error));
    if (failure === undefined) throw error;
    process.stderr.write(`\n${failure.message}\n`);
    process.exitCode = stopped?.exitCode ?? 1;
  }
}
