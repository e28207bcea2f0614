/** The executable: one node. */
import { createLog, describeError } from './log.js';

const log = createLog('topspark');
try {
  // Loaded here and not above, so that a missing ROS is told in one line too.
  const { run } = await import('./run.js');
  await run(log);
} catch (error) {
  log.logger.fatal(`not started: ${describeError(error)}`);
  process.exitCode = 1;
}
