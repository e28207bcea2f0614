import { TopsparkError, exitCodeOf, exitCodes } from '../base/errors.js';
import { describeError, type Log } from '../node/log.js';
import { ros } from './rclnodejs.js';
import { onStopSignal } from '../node/signals.js';
import { TopsparkNode } from './topspark-node.js';

/** Time limit of the shutdown [ms]; `ros2 launch` kills the process 5 s after a SIGINT. */
const patience = 3500;

/**
 * Longest wait of the thread that waits for requests and timers [ms]. Any event and any change of the node's entities
 * ends it, so it only sets the cost of an idle node: 1.5 % of a core at rclnodejs's 10 ms.
 */
const waitLimit = 2000;

/** Runs one node from the arguments of the process to a clean exit. */
export async function run(log: Log): Promise<void> {
  let node: TopsparkNode | undefined;
  let ending = false;

  // Saves, releases everything, shuts ROS down (it aborts otherwise), and exits.
  const end = (code: number, why: string): void => {
    if (ending) return;
    ending = true;
    log.logger.info(`${why}: shutting down`);
    setTimeout(() => process.exit(code), patience).unref();
    // Deferred, since a node must not be destroyed inside its own callback.
    setImmediate(() => {
      try {
        node?.close();
      } catch (error) {
        log.logger.error({ err: error }, `shutdown failed: ${describeError(error)}`);
      }
      log.forwardTo(undefined);
      ros.shutdown();
      process.exit(code);
    });
  };

  ros.removeSignalHandlers();
  onStopSignal((signal) => {
    end(exitCodes.done, signal);
  });
  process.on('uncaughtException', (error) => {
    log.logger.fatal({ err: error }, `unexpected error: ${describeError(error)}`);
    end(exitCodes.failed, 'unexpected error');
  });
  try {
    // The log goes to stdout through pino; rcl would print every line a second time.
    await initialise([...process.argv, '--ros-args', '--disable-stdout-logs']);
    node = new TopsparkNode(log);
    const started = node.autostart();
    node.spin(waitLimit);
    if (!started) end(exitCodeOf(node.refused), 'autostart failed');
  } catch (error) {
    log.logger.fatal(`not started: ${describeError(error)}`);
    end(exitCodeOf(error), 'not started');
  }
}

// Invalid command lines and parameter files are faults of the caller.
async function initialise(args: string[]): Promise<void> {
  try {
    await ros.init(ros.Context.defaultContext(), args);
  } catch (cause) {
    throw new TopsparkError('ros_arguments', 'usage', describeError(cause), { cause });
  }
}
