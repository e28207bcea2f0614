import { Command } from 'commander';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkInteger } from 'topspark/base/errors.js';
import { chartSvg } from '../report/chart.js';
import { Reproduction } from '../reproduction/reproduce.js';
import type { ResultsPage } from '../reproduction/results-page.js';
import { number } from 'topspark/cli/options.js';
import { writeOutput } from 'topspark/cli/output-file.js';
import { Progress } from 'topspark/cli/progress.js';

interface Flags {
  readonly quick?: true;
  readonly seeds: number;
  readonly pictures: readonly string[];
  readonly workers?: number;
  readonly queue?: string;
  readonly partial?: true;
  readonly out: string;
  readonly store: string;
  readonly json?: true;
}

const examples = `
Examples:
  $ npm run reproduce
  $ npm run reproduce -- --quick --out build/quick
  $ npm run reproduce -- --pictures shared/data/clothing
`;

/** `topspark reproduce`: makes all tables of docs/results.md from nothing. */
export function reproduceCommand(): Command {
  return new Command('reproduce')
    .description('Make every table of docs/results.md from nothing. A run that was ended goes on where it was.')
    .option('--quick', 'one seed and a tenth of the samples: a first look in a few minutes')
    .option('--seeds <n>', 'seeds 1..n', number, 3)
    .option('--pictures <folder...>', 'photographs by class, measured too: train/CLASS/*.jpg, test/CLASS/*.jpg', [])
    .option('--workers <n>', 'threads (default: all cores)', number)
    .option('--queue <url>', 'have the runs computed by the workers of a Valkey or Redis server instead')
    .option('--partial', 'run nothing: write the page from what is done so far')
    .option('--out <folder>', 'takes results.md, and its plots in the folder results', 'docs')
    .option('--store <folder>', 'takes the result of every run', 'build/reproduce')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(reproduce);
}

async function reproduce(flags: Flags): Promise<void> {
  checkInteger('--seeds', flags.seeds, 1, 100);
  const { quick = false, pictures, store, out, workers, queue } = flags;
  const seeds = Array.from({ length: quick ? 1 : flags.seeds }, (_, k) => k + 1);
  mkdirSync(store, { recursive: true });
  const where = { ...(workers !== undefined && { workers }), ...(queue !== undefined && { queue }) };
  const reproduction = new Reproduction({ seeds, quick, pictures, store, ...where });
  reproduction.restore();
  if (!flags.partial) {
    const bar = new Progress('reproduce', reproduction.missing().length, process.stderr);
    await reproduction.run(() => {
      bar.advance(1);
    });
    bar.end();
  }
  const page = reproduction.page();
  await write(page, out);
  const met = page.claims.filter((claim) => claim.met).length;
  const summary = { page: join(out, 'results.md'), claims: page.claims.length, met };
  const sentence = `${summary.page}: ${met} of ${page.claims.length} claims met\n`;
  process.stdout.write(flags.json ? `${JSON.stringify({ ...summary, all: page.claims })}\n` : sentence);
}

async function write(page: ResultsPage, out: string): Promise<void> {
  mkdirSync(join(out, 'results'), { recursive: true });
  for (const { name, title, option } of page.plots) {
    const named = { ...option, aria: { enabled: true, label: { description: title } } };
    writeOutput('--out', join(out, 'results', `${name}.svg`), await chartSvg(named, { width: 760, height: 420 }));
  }
  writeOutput('--out', join(out, 'results.md'), page.markdown);
}
