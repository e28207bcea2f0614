import { Command } from 'commander';
import { checkNumber } from '../base/errors.js';
import { jsonLine } from '../base/quoted.js';
import { checkNodeName, number } from './options.js';

interface Flags {
  readonly timeout: number;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark status
  $ npx topspark status /robot1/topspark --json
`;

/** `topspark status`: the state of one running node, from its topics. */
export function statusCommand(): Command {
  return new Command('status')
    .description('Print the state of a running node, from its topics. Needs a sourced ROS 2.')
    .argument('[node]', 'full name of the node', '/topspark')
    .option('--timeout <s>', 'how long to wait for it', number, 5)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(node: string, flags: Flags): Promise<void> {
  checkNumber('--timeout', flags.timeout, 0.1, 3600);
  checkNodeName(node);
  // Loaded here, since other commands run without ROS; the first import explains a missing ROS.
  await import('../node/ros-environment.js');
  const { hearNode } = await import('../ros/node-summary.js');
  const { stateLines, stateObject } = await import('./status-text.js');
  const state = await hearNode(node, flags.timeout);
  process.stdout.write(flags.json ? jsonLine(stateObject(state)) : `${stateLines(node, state).join('\n')}\n`);
}
