// @ts-check
import { join } from 'node:path';
import { arrivalsStage } from './arrivals.mjs';
import { messagesStage } from './messages.mjs';
import { npmPackagesStage } from './npm-packages.mjs';
import { kernelStage, programStage } from './program.mjs';
import { paths } from './paths.mjs';
import { checkPath } from './plain-path.mjs';
import { say } from './progress.mjs';
import { rclnodejsStage } from './rclnodejs.mjs';
import { rosEnvironment } from './ros-environment.mjs';
import { findRosSource, knownDistros } from './ros-source.mjs';
import { withLock } from './lock.mjs';
import { doStage, isStale, redoStage } from './stage.mjs';
import { hashOf, hashOfFolder } from './stamp.mjs';
import { checkSpace, checkTools, freeSpace } from './tools.mjs';
import { wheelsStage } from './wheels.mjs';

/**
 * Prepares the checkout so that the program runs: ROS 2, messages, npm packages, rclnodejs, kernel, TypeScript.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<NodeJS.ProcessEnv>} the ROS environment for the programs that are started next
 * @throws SetupError with the remedy
 */
export async function setUp(env) {
  checkPath(paths.root);
  const { source, rosEnv, wheels, messages, npm, rclnodejs, arrivals, kernel, program } = stagesIn(env);
  const all = [wheels, messages, npm, rclnodejs, arrivals, kernel, program].filter((stage) => stage !== undefined);
  if (!all.some(isStale)) return rosEnv();
  if (source.kind === 'sourced' && !knownDistros.includes(source.distro)) {
    say(`! ROS 2 ${source.distro} is sourced; topspark knows ${knownDistros.join(', ')}. Going on with it.`);
  }
  const compile = [wheels, messages, npm, rclnodejs].some((stage) => stage !== undefined && isStale(stage));
  checkTools({ wheels: wheels !== undefined && isStale(wheels), compile }, env);
  checkSpace({ wheels: wheels !== undefined && isStale(wheels), packages: isStale(npm) }, freeSpace());
  await withLock(async () => {
    await together([inOrder([wheels, messages]), inOrder([npm, kernel])]);
    await inOrder([rclnodejs, arrivals, program]);
  });
  return rosEnv();
}

/**
 * Compiles kernel or program of a checkout whose npm packages are installed, whether or not they are up to date.
 * @param {readonly ('kernel' | 'program')[]} names
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<void>}
 * @throws SetupError with the first errors of the compiler
 */
export async function build(names, env) {
  const stages = stagesIn(env);
  const upToDate = !isStale(stages.npm) && !isStale(stages.rclnodejs);
  await withLock(async () => {
    for (const name of names) await redoStage(stages[name], upToDate);
  });
}

/**
 * All stages; a stage that does not exist in this environment is undefined.
 * @param {NodeJS.ProcessEnv} env
 */
function stagesIn(env) {
  const source = findRosSource(env);
  const rosEnv = () => rosEnvironment(source, env);
  const wheels = source.kind === 'wheels' ? wheelsStage() : undefined;
  const rosKey = source.kind === 'wheels' ? (wheels?.key ?? '') : hashOf([source.distro, source.core]);
  const messages = source.kind === 'sourced' && source.hasMessages ? undefined : messagesStage(rosKey, rosEnv);
  const npm = npmPackagesStage();
  const rclnodejs = rclnodejsStage(npm.key, rosKey, messagesKey(source, messages), rosEnv);
  return {
    source,
    rosEnv,
    wheels,
    messages,
    npm,
    rclnodejs,
    arrivals: arrivalsStage(rosKey, rosEnv),
    kernel: kernelStage(npm.key),
    program: programStage(rclnodejs.key),
  };
}

/**
 * Hash of the message packages from which JavaScript is generated: all that ROS 2 knows, ours and those of workspaces.
 * @param {import('./ros-source.mjs').RosSource} source
 * @param {import('./stage.mjs').Stage | undefined} messages
 */
function messagesKey(source, messages) {
  const prefixes = source.kind === 'sourced' ? source.prefixes : [];
  const sourced = prefixes.map((prefix) => hashOfFolder(join(prefix, 'share', 'topspark_msgs')));
  return hashOf([messages?.key ?? '', ...prefixes, ...sourced]);
}

/** @param {(import('./stage.mjs').Stage | undefined)[]} stages */
async function inOrder(stages) {
  for (const stage of stages) if (stage !== undefined) await doStage(stage);
}

/**
 * Waits for all branches before it reports the first failure, so that no stage still runs after the error message.
 * @param {Promise<void>[]} branches
 */
async function together(branches) {
  for (const result of await Promise.allSettled(branches)) if (result.status === 'rejected') throw result.reason;
}
