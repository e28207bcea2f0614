#!/usr/bin/env node
import { Command } from 'commander';
import { exitCode, explain } from './failure.js';
import { trainCommand } from './train.js';

const program = new Command('topspark')
  .description('Spiking networks that learn on board and spend only the timesteps that the battery allows.')
  .configureHelp({ showGlobalOptions: true })
  .addCommand(trainCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`topspark: ${explain(error)}\n`);
  process.exitCode = exitCode(error);
}
