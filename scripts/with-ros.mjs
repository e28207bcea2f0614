// @ts-check
import { main } from './setup/main.mjs';

// `node scripts/with-ros.mjs COMMAND ARGS…`: runs a command in the ROS environment of this checkout.
await main(async () => {
  const { findRosSource } = await import('./setup/ros-source.mjs');
  const { rosEnvironment } = await import('./setup/ros-environment.mjs');
  const { runInForeground } = await import('./setup/foreground.mjs');
  const [command, ...args] = process.argv.slice(2);
  if (command === undefined) {
    process.stderr.write('Usage: node scripts/with-ros.mjs COMMAND [ARGUMENT…]\n');
    return 2;
  }
  return runInForeground(command, args, rosEnvironment(findRosSource(process.env), process.env));
});
