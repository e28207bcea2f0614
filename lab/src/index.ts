/** Data sets, training, operating profiles, reproduction and benchmarks: the commands that a robot does not need. */
import type { Command } from 'commander';

/** A command is loaded only when it is needed, since loading all of them takes time. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  train: async () => (await import('./cli/train-command.js')).trainCommand(),
  evaluate: async () => (await import('./cli/evaluate.js')).evaluateCommand(),
  export: async () => (await import('./cli/export-command.js')).exportCommand(),
  profile: async () => (await import('./cli/profile-command.js')).profileCommand(),
  reproduce: async () => (await import('./cli/reproduce-command.js')).reproduceCommand(),
  worker: async () => (await import('./cli/worker-command.js')).workerCommand(),
  bench: async () => (await import('./bench/bench-command.js')).benchCommand(),
};

/**
 * What this package adds to the command line of topspark.
 *
 * @param named - the first word after `topspark`. If it names a command of this package, only that one is loaded
 */
export async function labCommands(named?: string): Promise<Command[]> {
  const wanted = named !== undefined && Object.hasOwn(commands, named) ? [commands[named]] : Object.values(commands);
  return Promise.all(wanted.map((load) => load()));
}
