// @ts-check
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { paths } from './paths.mjs';
import { say } from './progress.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { hashOf } from './stamp.mjs';

const source = join(paths.root, 'src', 'ros', 'arrivals.c');
const addon = join(paths.dist, 'ros', 'arrivals.node');
/** Holds the reason why there is no addon, for the node's log. */
const absent = join(paths.dist, 'ros', 'arrivals.absent');

/**
 * The addon that reports messages as they arrive. The node also runs without it, at more CPU time for each message. If
 * it cannot be compiled, the set-up says so and does not try again until an input has changed.
 * @param {string} rosKey - says which ROS 2 it is compiled against
 * @param {() => NodeJS.ProcessEnv} env - the ROS environment
 * @returns {import('./stage.mjs').Stage}
 */
export function arrivalsStage(rosKey, env) {
  const text = existsSync(source) ? readFileSync(source, 'utf8') : '';
  return {
    name: 'arrivals',
    title: 'messages as they arrive (C)',
    key: hashOf([rosKey, process.version, text, process.env['CC'] ?? '']),
    outputs: () => [existsSync(absent) ? absent : addon],
    async work() {
      mkdirSync(dirname(addon), { recursive: true });
      for (const file of [addon, absent]) rmSync(file, { force: true });
      try {
        await compile(env());
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        writeFileSync(absent, 'it could not be compiled when topspark was set up, .ros/logs/arrivals.log says why\n');
        say('! src/ros/arrivals.c could not be compiled: each message will cost more CPU. See .ros/logs/arrivals.log.');
      }
    },
  };
}

/** @param {NodeJS.ProcessEnv} env */
async function compile(env) {
  const prefixes = (env['AMENT_PREFIX_PATH'] ?? '').split(delimiter).filter((prefix) => prefix !== '');
  const includes = prefixes.flatMap((prefix) => {
    const include = join(prefix, 'include');
    return existsSync(include) ? [include, ...readdirSync(include).map((each) => join(include, each))] : [];
  });
  const libraries = prefixes.map((prefix) => `-L${join(prefix, 'lib')}`);
  const headers = [nodeHeaders(), ...includes].map((each) => `-I${each}`);
  const args = ['-O2', '-std=gnu11', '-shared', '-fPIC', ...headers, source, '-o', addon, ...libraries];
  await run('arrivals', env['CC'] ?? 'cc', [...args, '-lrcl', '-lrcutils'], {
    env,
    hint: 'read the first error above; node_api.h stands beside Node, or where node-gyp has put it.',
  });
}

/** @returns {string} the folder of node_api.h: beside Node, or where node-gyp has put it for rclnodejs */
function nodeHeaders() {
  const beside = join(dirname(dirname(process.execPath)), 'include', 'node');
  const fetched = join(homedir(), '.cache', 'node-gyp', process.version.slice(1), 'include', 'node');
  return existsSync(join(beside, 'node_api.h')) ? beside : fetched;
}
