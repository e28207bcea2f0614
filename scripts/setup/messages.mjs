// @ts-check
import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { paths } from './paths.mjs';
import { environmentAt, withPlainPath } from './plain-path.mjs';
import { replaceFile } from './replace-file.mjs';
import { run } from './run.mjs';
import { filesBelow, hashOf, hashOfFolder } from './stamp.mjs';

const hint = 'read the first error above; if it names a missing package, add it to what ROS 2 is installed from.';

/**
 * Builds and installs topspark_msgs with plain CMake.
 * @param {string} rosKey - identifies the ROS 2 that it is built against
 * @param {() => NodeJS.ProcessEnv} env - the ROS environment
 * @returns {import('./stage.mjs').Stage}
 */
export function messagesStage(rosKey, env) {
  const prefix = paths.messagesPrefix;
  return {
    name: 'messages',
    title: 'messages (topspark_msgs)',
    key: hashOf([rosKey, hashOfFolder(paths.messages), prefix]),
    outputs: () => [join(prefix, 'share', 'topspark_msgs', 'package.xml')],
    async work() {
      rmSync(paths.messagesBuild, { recursive: true, force: true });
      rmSync(prefix, { recursive: true, force: true });
      await withPlainPath((root, folder) =>
        build(root, { env: environmentAt(root, env()), cwd: folder ?? paths.root, hint }),
      );
    },
  };
}

/**
 * @param {string} root - the checkout
 * @param {{ env: NodeJS.ProcessEnv, cwd: string, hint: string }} options
 */
async function build(root, options) {
  const at = (/** @type {string} */ path) => join(root, relative(paths.root, path));
  const python =
    options.env['TOPSPARK_ROS'] === 'wheels'
      ? [`-DPython3_EXECUTABLE=${at(join(paths.wheels, 'bin', 'python3'))}`]
      : [];
  const configure = ['-S', at(paths.messages), '-B', at(paths.messagesBuild), '-DCMAKE_BUILD_TYPE=Release'];
  configure.push('-DBUILD_TESTING=OFF', ...python, `-DCMAKE_INSTALL_PREFIX=${at(paths.messagesPrefix)}`);
  await run('messages-configure', 'cmake', configure, options);
  const jobs = String(availableParallelism());
  const install = ['--build', at(paths.messagesBuild), '--target', 'install', '-j', jobs];
  await run('messages-build', 'cmake', install, options);
  if (root === paths.root) return;
  for (const file of filesBelow(join(paths.messagesPrefix, 'share'))) {
    replaceFile(
      file,
      readFileSync(file, 'utf8').replaceAll(root, () => paths.root),
    );
  }
}
