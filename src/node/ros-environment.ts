import { existsSync } from 'node:fs';
import { TopsparkError } from '../base/errors.js';

/**
 * Refuses to go on if ROS 2 is not sourced, or its client library is missing. Import it before rclnodejs, which would
 * consider its own compiled binding broken, delete it, and try to compile it again.
 */
if (process.env['AMENT_PREFIX_PATH'] === undefined) {
  // Only a checkout has the script.
  const checkout = existsSync(new URL('../../scripts/with-ros.mjs', import.meta.url));
  const other = checkout ? ', or put `node scripts/with-ros.mjs` before the command' : '';
  const expected = `expected a sourced ROS 2: source /opt/ros/DISTRO/setup.bash${other}`;
  throw new TopsparkError('ros_not_sourced', 'environment', `AMENT_PREFIX_PATH is not set, ${expected}`);
}

// The package is optional: npm leaves it out without an error if it cannot be compiled.
try {
  import.meta.resolve('rclnodejs');
} catch (cause) {
  const remedy = 'in a shell where ROS 2 is sourced: npm install rclnodejs';
  const message = `the npm package rclnodejs is not installed, expected it beside topspark; ${remedy}`;
  throw new TopsparkError('rclnodejs_missing', 'environment', message, { cause });
}
