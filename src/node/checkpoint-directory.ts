import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { FolderLock } from '../checkpoint/folder-lock.js';
import { makeFolder } from '../checkpoint/durable-file.js';
import { reasonOf } from '../base/errors.js';

/**
 * Folder of a node's checkpoints: as set, or its own in `$ROS_HOME` or `~/.ros`, so that two nodes never share one by
 * accident.
 *
 * @param asked - parameter checkpoint.directory; empty for the default, `~` is the home folder
 * @param node - full name: `/robot1/topspark`
 */
export function checkpointDirectory(asked: string, node: string, environment: NodeJS.ProcessEnv): string {
  const home = environment['HOME'] ?? homedir();
  if (asked === '') return join(environment['ROS_HOME'] ?? join(home, '.ros'), 'topspark', ...node.split('/'));
  const expanded = asked === '~' || asked.startsWith('~/') ? join(home, asked.slice(1)) : asked;
  return isAbsolute(expanded) ? expanded : resolve(expanded);
}

/**
 * Creates a node's folder of checkpoints and locks out other nodes. If that fails, the log says so and the robot goes
 * on: it decides and learns, and reports every save that fails.
 *
 * @param directory - as {@link checkpointDirectory} returns it
 * @param owner - full name of the node
 * @throws {@link TopsparkError} `checkpoint_folder_in_use` naming folder and owner
 */
export function takeCheckpointFolder(directory: string, owner: string, logger: Logger): FolderLock | undefined {
  try {
    makeFolder(directory);
  } catch (error) {
    const reason = reasonOf(error);
    const cure = 'nothing learned can be saved; set checkpoint.directory to a folder that this node may write to';
    logger.error(`checkpoint: folder ${directory} cannot be made: ${reason}; ${cure}`);
    return undefined;
  }
  const lock = FolderLock.take(directory, owner);
  if (lock === undefined) {
    const why = 'this needs a folder that the node may write to, and flock(1) of util-linux';
    logger.warn(`checkpoint: folder ${directory} cannot be locked: ${why}; a second node could use it too`);
  }
  return lock;
}
