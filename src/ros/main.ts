/** The executable: one node, from its arguments to a clean end. */
import { createLog } from './log.js';
import { ros } from './rclnodejs.js';
import { onStopSignal } from './signals.js';
import { TopsparkNode } from './topspark-node.js';

/** `ros2 launch` kills what still runs 5 s after a SIGINT. */
const patience = 3500;

const log = createLog('topspark');
let node: TopsparkNode | undefined;
let ending = false;

/** Ends the process once: saves, releases, shuts ROS down (without which it aborts) and exits. */
function end(code: number, why: string): void {
  if (ending) return;
  ending = true;
  log.logger.info(`${why}: shutting down`);
  setTimeout(() => process.exit(code), patience).unref();
  // Not inside a callback of the node that is about to be destroyed.
  setImmediate(() => {
    try {
      node?.close();
    } catch (error) {
      log.logger.error({ err: error }, `shutdown failed: ${describe(error)}`);
    }
    log.forwardTo(undefined);
    ros.shutdown();
    process.exit(code);
  });
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s*\n\s*/g, '; ');
}

ros.removeSignalHandlers();
onStopSignal((signal) => {
  end(0, signal);
});
process.on('uncaughtException', (error) => {
  log.logger.fatal({ err: error }, `unexpected error: ${describe(error)}`);
  end(1, 'unexpected error');
});

try {
  // The log goes to stdout through pino; rcl would print every line a second time.
  await ros.init(ros.Context.defaultContext(), [...process.argv, '--ros-args', '--disable-stdout-logs']);
  node = new TopsparkNode(log);
  node.spin();
  if (!node.autostart()) end(1, 'autostart failed');
} catch (error) {
  log.logger.fatal(`not started: ${describe(error)}`);
  end(1, 'not started');
}
