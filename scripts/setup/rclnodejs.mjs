// @ts-check
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { paths } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { hashOf } from './stamp.mjs';

const generated = join(paths.rclnodejs, 'generated', 'generator.json');

/** Proves that the compiled addon loads, and that it knows topspark's messages. */
const loadCheck = `import rclnodejs from 'rclnodejs'; new (rclnodejs.require('topspark_msgs/msg/Decision'))();`;

/**
 * rclnodejs: its addon, compiled unless it brings one for this system, and the JavaScript of all messages.
 * @param {string} npmKey - says which npm packages it belongs to
 * @param {string} rosKey - says which ROS 2 it is compiled against
 * @param {() => NodeJS.ProcessEnv} env - the ROS environment
 * @returns {import('./stage.mjs').Stage}
 */
export function rclnodejsStage(npmKey, rosKey, env) {
  return {
    name: 'rclnodejs',
    title: 'rclnodejs, the ROS 2 client library',
    key: hashOf([npmKey, rosKey, process.version]),
    outputs: [generated],
    async work() {
      if (!existsSync(join(paths.rclnodejs, 'package.json'))) {
        throw new SetupError(
          'rclnodejs is not among the installed npm packages, though it is in package-lock.json.\n' +
            'What to try: `npm config get omit` must not name `optional`; then remove node_modules and run this again.',
        );
      }
      await run('rclnodejs', 'npm', ['rebuild', 'rclnodejs'], {
        env: { ...env(), ...compileVariables() },
        hint: 'read the first error above; Node.js headers are fetched from nodejs.org unless they stand beside Node.',
      });
      await checkLoads(env());
    },
  };
}

/**
 * The JavaScript and the types of all messages on AMENT_PREFIX_PATH, made anew after a message changed.
 * @param {string} rclnodejsKey
 * @param {string} messagesKey
 * @param {() => NodeJS.ProcessEnv} env - the ROS environment
 * @returns {import('./stage.mjs').Stage}
 */
export function generatedStage(rclnodejsKey, messagesKey, env) {
  return {
    name: 'generated',
    title: 'messages for JavaScript',
    key: hashOf([rclnodejsKey, messagesKey]),
    outputs: [generated],
    async work() {
      await run('generate-ros-messages', 'npx', ['--no-install', 'generate-ros-messages'], {
        env: env(),
        hint: 'remove node_modules/rclnodejs/generated and run this again.',
      });
      await checkLoads(env());
    },
  };
}

/** @param {NodeJS.ProcessEnv} env */
async function checkLoads(env) {
  if (!existsSync(generated)) {
    throw new SetupError(
      `rclnodejs was installed without its messages: ${generated} is missing.\nSee .ros/logs/rclnodejs.log.`,
    );
  }
  await run('rclnodejs-load', process.execPath, ['--input-type=module', '-e', loadCheck], {
    env,
    hint: 'rclnodejs does not load in this ROS 2; remove .ros/stamps/rclnodejs and run this again.',
  });
}

/** Building it asks npx for a package, which waits for a yes; headers that stand beside Node need not be fetched. */
function compileVariables() {
  const nodeFolder = dirname(dirname(process.execPath));
  const headers = existsSync(join(nodeFolder, 'include', 'node', 'node.h'));
  return { npm_config_yes: 'true', ...(headers ? { npm_config_nodedir: nodeFolder } : {}) };
}
