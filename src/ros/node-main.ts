/** The executable: one node. */
import { exitCodeOf, exitCodes } from '../base/errors.js';
import { nodeCommand, nodeUsage } from '../node/command-line.js';
import { createLog, describeError } from '../node/log.js';
import { versionText } from '../node/version.js';

const log = createLog('topspark');
try {
  const command = nodeCommand(process.argv.slice(2));
  if (command === 'run') {
    // Loaded here and not above, so that a missing ROS is reported on one line too; the first import checks for it.
    await import('../node/ros-environment.js');
    const { run } = await import('./run-node.js');
    await run(log);
  } else {
    process.stdout.on('error', () => process.exit(exitCodes.closedPipe));
    process.stdout.write(command === 'help' ? nodeUsage() : `${versionText()}\n`);
  }
} catch (error) {
  log.logger.fatal(`not started: ${describeError(error)}`);
  process.exitCode = exitCodeOf(error);
}
