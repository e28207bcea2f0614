import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

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
