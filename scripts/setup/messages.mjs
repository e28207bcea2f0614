// @ts-check
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { paths } from './paths.mjs';
import { run } from './run.mjs';
import { hashOf, hashOfFolder } from './stamp.mjs';

const hint = 'read the first error above; if it names a missing package, add it to what ROS 2 is installed from.';

/**
 * Builds and installs topspark_msgs with plain CMake.
 * @param {string} rosKey - says which ROS 2 it is built against
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
      const options = { env: env(), hint };
      await run(
        'messages-configure',
        'cmake',
        [...configureArguments(options.env), `-DCMAKE_INSTALL_PREFIX=${prefix}`],
        options,
      );
      const jobs = String(availableParallelism());
      await run(
        'messages-build',
        'cmake',
        ['--build', paths.messagesBuild, '--target', 'install', '-j', jobs],
        options,
      );
    },
  };
}

/** @param {NodeJS.ProcessEnv} env */
function configureArguments(env) {
  const python =
    env['TOPSPARK_ROS'] === 'wheels' ? [`-DPython3_EXECUTABLE=${join(paths.wheels, 'bin', 'python3')}`] : [];
  return [
    '-S',
    paths.messages,
    '-B',
    paths.messagesBuild,
    '-DCMAKE_BUILD_TYPE=Release',
    '-DBUILD_TESTING=OFF',
    ...python,
  ];
}
