import { Command, CommanderError } from 'commander';
import { exitCodeOf, exitCodes, explain } from '../base/errors.js';
import { printable } from '../base/quoted.js';
import { versionText } from '../node/version.js';
import { dashboardCommand } from './dashboard-command.js';
import { embeddingCommand } from './embedding-command.js';
import { fleetCommand } from './fleet-command.js';
import { labelCommand } from './label-command.js';
import { findLabCommands } from './lab-commands.js';
import { replayCommand } from './replay-command.js';
import { statusCommand } from './status-command.js';
import { teachCommand } from './teach-command.js';

const examples = `
Examples:
  $ npx topspark train --samples 20000 --labels 0.1
  $ npx topspark status /robot1/topspark
  $ npx topspark bench day --help
`;

/**
 * Runs one command line to its end. It prints what failed to standard error, and sets `process.exitCode`.
 *
 * @param argv - as `process.argv`: the first two are not read
 */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const program = new Command('topspark')
    .description('Spiking networks that learn on board and spend only the timesteps that the battery allows.')
    .version(versionText(), '-V, --version', 'print the versions of topspark, Node.js, kernel and checkpoints')
    .addHelpText('after', examples)
    .configureOutput({
      outputError: (text, write) => {
        write(`${printableError(text)}\n`);
      },
    })
    .exitOverride();

  try {
    const own = [
      replayCommand(),
      labelCommand(),
      statusCommand(),
      teachCommand(),
      dashboardCommand(),
      embeddingCommand(),
      fleetCommand(),
    ];
    // Commands for a robot must not wait for the lab to load.
    const [, , named] = argv;
    const lab = own.some((command) => command.name() === named) ? [] : await findLabCommands(named);
    for (const command of [...lab, ...own]) add(command, program);
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCode(error);
    // commander has printed its own message, or the requested help
    if (!(error instanceof CommanderError)) process.stderr.write(`topspark: ${explain(error)}\n`);
  }
}

// commander passes settings only to commands that it creates itself.
function add(command: Command, parent: Command): void {
  parent.addCommand(command.copyInheritedSettings(parent));
  for (const part of command.commands) part.copyInheritedSettings(command);
}

// The typed text may come from a file name; commander's own hint is on its own line.
function printableError(text: string): string {
  const hint = /\n\(Did you mean [^\n]*\)\n?$/.exec(text)?.[0] ?? '';
  const message = text.slice(0, text.length - hint.length).replace(/\n$/, '');
  return [message, hint.trim()]
    .filter((line) => line !== '')
    .map(printable)
    .join('\n');
}

/** Exit code of a command that ended early. */
export function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  return exitCodeOf(error);
}
