import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { FolderLock } from '../checkpoint/folder-lock.js';
import { makeFolder } from '../checkpoint/durable-file.js';
import { reasonOf } from '../base/errors.js';

/**
 * Folder of a node's checkpoints: the one asked for, or one of its own in `$ROS_HOME` or `~/.ros`, so that two nodes
 * never share one by accident.
 *
 * @param asked - parameter checkpoint.directory; empty for the default, `~` stands for the home folder
 * @param node - full name: `/robot1/topspark`
 */
export function checkpointDirectory(asked: string, node: string, environment: NodeJS.ProcessEnv): string {
  const home = environment['HOME'] ?? homedir();
  if (asked === '') return join(environment['ROS_HOME'] ?? join(home, '.ros'), 'topspark', ...node.split('/'));
  const expanded = asked === '~' || asked.startsWith('~/') ? join(home, asked.slice(1)) : asked;
  return isAbsolute(expanded) ? expanded : resolve(expanded);
}

/**
 * Makes a node's folder of checkpoints and keeps other nodes out of it. Where it cannot be made, that is told and the robot
 * goes on without: it decides and learns, and every save that fails is told too.
 *
 * @param directory - as {@link checkpointDirectory} says
 * @param owner - full name of the node
 * @throws {@link TopsparkError} `checkpoint_folder_in_use` naming folder and owner
 */
export function takeCheckpointFolder(directory: string, owner: string, logger: Logger): FolderLock | undefined {
  try {
    makeFolder(directory);
  } catch (error) {
    const reason = reasonOf(error);
    const cure = 'what is learned cannot be saved; give checkpoint.directory a folder that this node may write to';
    logger.error(`checkpoint: folder ${directory} cannot be made: ${reason}; ${cure}`);
    return undefined;
  }
  const lock = FolderLock.take(directory, owner);
  if (lock === undefined) {
    const why = 'it takes a folder that this node may write to, and flock(1) of util-linux';
    logger.warn(`checkpoint: folder ${directory} cannot be locked: ${why}; nothing keeps a second node out of it`);
  }
  return lock;
}
