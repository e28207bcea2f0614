// @ts-check
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { paths } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/** Distributions that topspark supports. rclnodejs supports all of them. */
export const knownDistros = ['humble', 'jazzy', 'kilted', 'lyrical'];

/**
 * Where ROS 2 comes from: an installation that the user sourced, or the wheels that the set-up installs.
 * `core` is the prefix that holds rcl; `prefixes` are all prefixes, workspaces included; `hasMessages` says whether one
 * of them has topspark_msgs.
 * @typedef {{ kind: 'sourced', distro: string, core: string, prefixes: string[], hasMessages: boolean }} SourcedRos
 * @typedef {SourcedRos | { kind: 'wheels' }} RosSource
 */

/**
 * Name of the variable that marks an environment made by `rosEnvironment`: it looks sourced, yet the user sourced
 * nothing.
 */
export const markVariable = 'TOPSPARK_ROS';

/**
 * Finds where ROS 2 comes from.
 * @param {NodeJS.ProcessEnv} env
 * @returns {RosSource}
 * @throws SetupError when ROS 2 is sourced in part, naming what is missing
 */
export function findRosSource(env) {
  if (env[markVariable] === 'wheels') return { kind: 'wheels' };
  const distro = env['ROS_DISTRO'] ?? '';
  // Our own messages do not count as a sourced workspace, though with-ros puts them on the path.
  const prefixes = (env['AMENT_PREFIX_PATH'] ?? '')
    .split(delimiter)
    .filter((prefix) => prefix !== '' && prefix !== paths.messagesPrefix);
  if (distro === '' && prefixes.length === 0) return { kind: 'wheels' };
  const missing = [
    distro === '' ? 'ROS_DISTRO is not set' : '',
    prefixes.length === 0 ? 'AMENT_PREFIX_PATH is not set' : '',
    isOnPath('ros2', env) ? '' : 'no `ros2` is on PATH',
  ].filter((reason) => reason !== '');
  if (missing.length > 0) {
    throw new SetupError(
      `ROS 2 is sourced in part: ${missing.join(', ')}.\n` +
        'Source the whole of it (`source /opt/ros/<distro>/setup.bash`; `ros2` is in the package ros-<distro>-ros2cli), ' +
        'or start a shell without ROS_DISTRO and AMENT_PREFIX_PATH to have ROS 2 installed here.',
    );
  }
  const prefixWith = (/** @type {string} */ name) =>
    prefixes.find((prefix) => existsSync(join(prefix, 'share', name, 'package.xml')));
  const core = prefixWith('rcl');
  if (core === undefined) {
    throw new SetupError(`No prefix on AMENT_PREFIX_PATH (${prefixes.join(delimiter)}) holds the ROS 2 package rcl.`);
  }
  return { kind: 'sourced', distro, core, prefixes, hasMessages: prefixWith('topspark_msgs') !== undefined };
}

/**
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} whether a folder on PATH holds that executable
 */
export function isOnPath(command, env) {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
