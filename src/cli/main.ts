#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { benchCommand } from './bench/bench-command.js';
import { endOnClosedPipe } from './closed-pipe.js';
import { evaluateCommand } from './evaluate.js';
import { exitCode, explain } from './failure.js';
import { profileCommand } from './profile.js';
import { replayCommand } from './replay/replay.js';
import { reproduceCommand } from './reproduce.js';
import { statusCommand } from './status.js';
import { trainCommand } from './train.js';
import { workerCommand } from './worker.js';

const examples = `
Examples:
  $ npx topspark train --samples 20000 --labels 0.1
  $ npx topspark status /robot1/topspark
  $ npx topspark bench day --help
`;

endOnClosedPipe();
const program = new Command('topspark')
  .description('Spiking networks that learn on board and spend only the timesteps that the battery allows.')
  .addHelpText('after', examples)
  .exitOverride();
const commands = [
  ...[trainCommand(), evaluateCommand(), profileCommand(), reproduceCommand(), workerCommand()],
  ...[replayCommand(), statusCommand(), benchCommand()],
];
for (const command of commands) add(command, program);

try {
  await program.parseAsync();
} catch (error) {
  // commander has printed its own message, or the help that was asked for
  if (!(error instanceof CommanderError)) process.stderr.write(`topspark: ${explain(error)}\n`);
  process.exitCode = exitCode(error);
}

// commander hands settings down only to commands that it makes itself.
function add(command: Command, parent: Command): void {
  parent.addCommand(command.copyInheritedSettings(parent));
  for (const part of command.commands) part.copyInheritedSettings(command);
}
