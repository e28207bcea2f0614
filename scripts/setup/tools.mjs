// @ts-check
import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { paths } from './paths.mjs';
import { isOnPath } from './ros-source.mjs';
import { SetupError } from './setup-error.mjs';

/** Names of Python versions that have ROS 2 wheels. */
const pythons = ['python3', 'python3.12', 'python3.11', 'python3.13', 'python3.10'];
const pythonProbe = 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))';
/** Checks for Python.h: the type support of the messages is compiled against Python. */
const headersProbe =
  'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))';
const cmakeFloor = [3, 16];

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} the first Python on PATH that can make the virtual environment
 */
export function findPython(env) {
  return pythons.find(
    (python) => isOnPath(python, env) && spawnSync(python, ['-c', pythonProbe], { env }).status === 0,
  );
}

/**
 * Names all missing tools at once: which, what for, and how to get them.
 * @param {{ wheels: boolean, compile: boolean }} need - whether the ROS 2 wheels, or anything in C++, must be made
 * @param {NodeJS.ProcessEnv} env
 * @throws SetupError if a tool is missing
 */
export function checkTools(need, env) {
  /** @type {{ what: string, why: string, get: string }[]} */
  const missing = [];
  const python = need.wheels ? findPython(env) : undefined;
  if (need.wheels && (process.platform !== 'linux' || process.arch !== 'x64')) {
    missing.push({
      what: 'ROS 2',
      why: `its wheels exist for x86_64 Linux only, this is ${process.arch} ${process.platform}`,
      get: 'install ROS 2 (https://docs.ros.org) and source it',
    });
  } else if (need.wheels && python === undefined) {
    missing.push({
      what: 'Python 3.10 to 3.13 with venv and ensurepip',
      why: 'ROS 2 is installed into a virtual environment, as none is sourced',
      get: 'apt install python3 python3-venv python3-dev',
    });
  }
  if (python !== undefined && spawnSync(python, ['-c', headersProbe], { env }).status !== 0) {
    missing.push({
      what: `the headers of ${python}`,
      why: 'the messages are compiled for it too',
      get: 'apt install python3-dev',
    });
  }
  if (need.compile) missing.push(...missingCompilers(env));
  if (missing.length === 0) return;
  const lines = missing.map(({ what, why, get }) => `  ${what}: ${why}.\n    Get it: ${get}`);
  throw new SetupError(`Missing on this machine (Debian and Ubuntu package names):\n${lines.join('\n')}`);
}

/**
 * @param {{ wheels: boolean, packages: boolean }} need - whether the ROS 2 wheels, or the npm packages, must be
 *   installed
 * @param {number} free - space on the checkout's disk [B]
 * @throws SetupError if the space is not enough
 */
export function checkSpace(need, free) {
  const megabytes = 100 + (need.wheels ? 300 : 0) + (need.packages ? 500 : 0);
  if (free >= megabytes * 1e6) return;
  throw new SetupError(
    `The set-up needs about ${megabytes} MB, and the disk of ${paths.root} has ${Math.floor(free / 1e6)} MB free.\n` +
      'What to try: free some, or clone topspark to another disk.',
  );
}

/** @returns {number} space on the checkout's disk for this user [B]; infinite if the system does not tell */
export function freeSpace() {
  try {
    const { bavail, bsize } = statfsSync(paths.root);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

/** @param {NodeJS.ProcessEnv} env */
function missingCompilers(env) {
  const missing = [];
  if (!isOnPath(env['CXX'] ?? 'c++', env) && !isOnPath('g++', env) && !isOnPath('clang++', env)) {
    missing.push({
      what: 'a C++ compiler',
      why: 'the messages and the ROS 2 client library are compiled',
      get: 'apt install g++',
    });
  }
  if (!isOnPath('make', env)) {
    missing.push({ what: 'make', why: 'it runs the compiler', get: 'apt install make' });
  }
  const version = cmakeVersion(env);
  if (
    version === undefined ||
    version[0] < cmakeFloor[0] ||
    (version[0] === cmakeFloor[0] && version[1] < cmakeFloor[1])
  ) {
    missing.push({
      what: `CMake ${cmakeFloor.join('.')} or later`,
      why: `the messages are built with it${version ? `, found ${version.join('.')}` : ''}`,
      get: 'apt install cmake',
    });
  }
  return missing;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {[number, number] | undefined}
 */
function cmakeVersion(env) {
  const { stdout } = spawnSync('cmake', ['--version'], { env, encoding: 'utf8' });
  const match = /version (\d+)\.(\d+)/.exec(stdout ?? '');
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}
