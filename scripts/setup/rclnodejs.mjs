// @ts-check
import { cpSync, existsSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { paths } from './paths.mjs';
import { environmentAt, withPlainPath } from './plain-path.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { hashOf, stampOf } from './stamp.mjs';

const generated = join(paths.rclnodejs, 'generated', 'generator.json');

/** Folders of the package that hold compiled and generated files, not sources. */
const madePlaces = ['build', 'generated'].map((name) => join(paths.rclnodejs, name));

/** Fails unless the compiled addon loads and knows topspark's messages. */
const loadCheck = `import rclnodejs from 'rclnodejs'; new (rclnodejs.require('topspark_msgs/msg/Decision'))();`;

/**
 * rclnodejs: its addon, compiled unless the package has a prebuilt one for this system, and the JavaScript and types of
 * all messages on AMENT_PREFIX_PATH.
 * @param {string} npmKey - identifies the npm packages that it belongs to
 * @param {string} rosKey - identifies the ROS 2 that it is compiled against
 * @param {string} messagesKey - identifies the messages that it knows
 * @param {() => NodeJS.ProcessEnv} env - the ROS environment
 * @returns {import('./stage.mjs').Stage}
 */
export function rclnodejsStage(npmKey, rosKey, messagesKey, env) {
  const addonKey = hashOf([npmKey, rosKey, process.version]);
  return {
    name: 'rclnodejs',
    title: 'rclnodejs, the ROS 2 client library',
    key: hashOf([addonKey, messagesKey]),
    outputs: () => [generated],
    async work() {
      const addon = stampOf('addon');
      if (addon.holds(addonKey, [generated])) {
        await generateMessages(env());
      } else {
        addon.remove();
        await install(env());
        addon.write(addonKey);
      }
      await checkLoads(env());
    },
  };
}

/**
 * Runs the package's own install scripts: compile, then generate.
 * @param {NodeJS.ProcessEnv} env
 */
async function install(env) {
  if (!existsSync(join(paths.rclnodejs, 'package.json'))) {
    throw new SetupError(
      'rclnodejs is not among the installed npm packages, though it is in package-lock.json.\n' +
        'What to try: `npm config get omit` must not name `optional`; then remove node_modules and run this again.',
    );
  }
  const hint = 'read the first error above; Node.js headers are fetched from nodejs.org unless they stand beside Node.';
  const variables = compileVariables();
  await withPlainPath(async (root, folder) => {
    if (folder === undefined) {
      await run('rclnodejs', 'npm', ['rebuild', 'rclnodejs'], { env: { ...env, ...variables }, hint });
      return;
    }
    // node-gyp resolves links to the real path. So the sources are copied to a plain path, and the results copied back.
    const copy = join(folder, 'node_modules', 'rclnodejs');
    const filter = (/** @type {string} */ file) => !madePlaces.includes(file);
    cpSync(paths.rclnodejs, copy, { recursive: true, filter });
    cpSync(join(paths.nodeModules, 'node-addon-api'), join(folder, 'node_modules', 'node-addon-api'), {
      recursive: true,
    });
    const there = environmentAt(root, env);
    const path = [join(root, 'node_modules', '.bin'), there['PATH']].join(delimiter);
    await run('rclnodejs', process.execPath, [join('scripts', 'install.cjs')], {
      env: { ...there, ...variables, PATH: path },
      cwd: copy,
      hint,
    });
    rmSync(madePlaces[0], { recursive: true, force: true });
    if (existsSync(join(copy, 'build'))) cpSync(join(copy, 'build'), madePlaces[0], { recursive: true });
    await generateMessages(env);
  });
}

/**
 * Generates JavaScript and types of the messages. Nothing needs to be compiled after a message changed.
 * @param {NodeJS.ProcessEnv} env
 */
async function generateMessages(env) {
  await run('generate-ros-messages', 'npx', ['--no-install', 'generate-ros-messages'], {
    env,
    hint: 'remove node_modules/rclnodejs/generated and run this again.',
  });
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

/** The build runs npx, which would wait for a confirmation. Headers beside Node need not be fetched. */
function compileVariables() {
  const nodeFolder = dirname(dirname(process.execPath));
  const headers = existsSync(join(nodeFolder, 'include', 'node', 'node.h'));
  return { npm_config_yes: 'true', ...(headers ? { npm_config_nodedir: nodeFolder } : {}) };
}
