// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { paths, wheelsDistro } from './paths.mjs';
import { markVariable } from './ros-source.mjs';

/**
 * The environment in which ROS 2, topspark's messages and rclnodejs find each other.
 * @param {import('./ros-source.mjs').RosSource} source
 * @param {NodeJS.ProcessEnv} env - the variables that are already set
 * @returns {NodeJS.ProcessEnv}
 */
export function rosEnvironment(source, env) {
  if (source.kind === 'sourced') return source.hasMessages ? { ...env } : withPrefix(env, paths.messagesPrefix);
  const wheels = paths.wheels;
  const libraries = pythonFolders(wheels).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^ros_.*\.libs$/.test(name))
      .map((name) => join(folder, name)),
  );
  const base = {
    ...env,
    [markVariable]: 'wheels',
    ROS_DISTRO: wheelsDistro,
    ROS_VERSION: '2',
    RMW_IMPLEMENTATION: 'rmw_fastrtps_cpp',
    // Otherwise the wheels start the interpreter a second time to set the library path.
    _ROS_WHEELS_BOOTSTRAP_COMPLETE: '1',
    AMENT_PREFIX_PATH: prepend([wheels], env['AMENT_PREFIX_PATH']),
    CMAKE_PREFIX_PATH: prepend([wheels], env['CMAKE_PREFIX_PATH']),
    PATH: prepend([join(wheels, 'bin')], env['PATH']),
    LD_LIBRARY_PATH: prepend([join(wheels, 'lib'), ...libraries], env['LD_LIBRARY_PATH']),
  };
  return withPrefix(base, paths.messagesPrefix);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} prefix - an install prefix that CMake made
 * @returns {NodeJS.ProcessEnv}
 */
function withPrefix(env, prefix) {
  return {
    ...env,
    AMENT_PREFIX_PATH: prepend([prefix], env['AMENT_PREFIX_PATH']),
    CMAKE_PREFIX_PATH: prepend([prefix], env['CMAKE_PREFIX_PATH']),
    LD_LIBRARY_PATH: prepend([join(prefix, 'lib')], env['LD_LIBRARY_PATH']),
    PYTHONPATH: prepend(pythonFolders(prefix), env['PYTHONPATH']),
  };
}

/**
 * @param {string} prefix
 * @returns {string[]} the folders below a prefix that hold Python packages
 */
function pythonFolders(prefix) {
  return [join(prefix, 'lib'), join(prefix, 'local', 'lib')].flatMap((lib) =>
    existsSync(lib)
      ? readdirSync(lib)
          .filter((name) => name.startsWith('python3.'))
          .flatMap((name) => [join(lib, name, 'site-packages'), join(lib, name, 'dist-packages')])
          .filter((folder) => existsSync(folder))
      : [],
  );
}

/**
 * @param {readonly string[]} folders
 * @param {string | undefined} list - current value of a path variable
 * @returns {string} the list with the folders in front, each once
 */
function prepend(folders, list) {
  return [...new Set([...folders, ...(list ?? '').split(delimiter)])].filter((folder) => folder !== '').join(delimiter);
}
