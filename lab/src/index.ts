/** Data sets, training, operating profiles, reproduction and benchmarks: the commands that a robot does not need. */
import type { Command } from 'commander';
import { benchCommand } from './bench/bench-command.js';
import { evaluateCommand } from './cli/evaluate.js';
import { profileCommand } from './cli/profile-command.js';
import { reproduceCommand } from './cli/reproduce-command.js';
import { trainCommand } from './cli/train-command.js';
import { workerCommand } from './cli/worker-command.js';

/** What this package adds to the command line of topspark. */
export function labCommands(): Command[] {
  return [trainCommand(), evaluateCommand(), profileCommand(), reproduceCommand(), workerCommand(), benchCommand()];
}
