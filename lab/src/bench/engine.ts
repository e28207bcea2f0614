import { Command } from 'commander';
import { Progress } from 'topspark/cli/progress.js';

interface EngineFlags {
  readonly dataset: string;
  readonly dataDir?: string;
  readonly quick?: true;
  readonly plots?: string;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark bench engine
  $ npx topspark bench engine --plots docs/plots --json > engine.json
`;

/** `topspark bench engine`: the cost of a sample, how it grows, and how far it is from the limit of the machine. */
export function engineBench(): Command {
  return new Command('engine')
    .description('CPU time of the network: learning and deciding, growth with size, bounds of the machine. No ROS.')
    .option('--dataset <name>', 'mnist, fashion-mnist or a folder with the four IDX files', 'mnist')
    .option('--data-dir <folder>', 'where the files of a named set lie, if not in the usual place')
    .option('--quick', 'seconds instead of minutes; too few rounds for figures to quote')
    .option('--plots <folder>', 'write the growth of cost as SVG files')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run(flags: EngineFlags): Promise<void> {
  const { dataset, dataDir, quick = false } = flags;
  // Loaded here, since no other command needs them.
  const { benchEngine } = await import('./engine/measure.js');
  const { engineTables } = await import('./engine/tables.js');
  let bar: Progress | undefined;
  let before = 0;
  const result = benchEngine({ dataset, quick, ...(dataDir !== undefined && { dataDir }) }, (done, total) => {
    bar ??= new Progress('bench engine', total, process.stderr);
    bar.advance(done - before);
    before = done;
  });
  bar?.end();
  if (flags.plots !== undefined) {
    const { plotGrowth } = await import('./engine/plots.js');
    for (const file of await plotGrowth(result, flags.plots)) process.stderr.write(`wrote ${file}\n`);
  }
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : engineTables(result));
}
