import { Command } from 'commander';
import type { ParameterValue } from 'topspark/base/parameters.js';
import { checkInteger } from 'topspark/base/errors.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import { markdownTable } from '../report/markdown-table.js';
import { sideRun, type Ranger } from '../world/side-run.js';

interface Flags {
  readonly seeds: number;
  readonly samples: number;
  readonly json?: true;
}

const rangers: Readonly<Record<string, Ranger>> = {
  'laser of 12 m': { beams: 360, rangeMin: 0.12, rangeMax: 12 },
  'laser of 3.5 m': { beams: 360, rangeMin: 0.12, rangeMax: 3.5 },
  '24 sonars of 5 m': { beams: 24, rangeMin: 0.03, rangeMax: 5 },
};

const still = { heading_free: false };

/** Sets of parameters by name: the defaults, and those that a user would choose. */
const ways = (ranger: Ranger): Readonly<Record<string, Readonly<Record<string, ParameterValue>>>> => ({
  'turned, the default': {},
  'with sides': still,
  'with sides, near, far and sectors by hand': {
    ...still,
    ...{ near: ranger.rangeMin, far: ranger.rangeMax, sectors: Math.min(36, ranger.beams) },
  },
});

const examples = `
Examples:
  $ npx topspark bench sides
`;

/** `topspark bench sides`: the side of the robot on which the nearest wall is, by laser and by sonars. */
export function sidesBench(): Command {
  return new Command('sides')
    .description('On which side the nearest wall is, learned on a simulated drive: defaults beside values set by hand.')
    .option('--seeds <n>', 'seeds 1 to n', number, 8)
    .option('--samples <n>', 'scans of a drive, ten a second', number, 12_000)
    .option('--json', 'print one JSON array and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

function run({ seeds, samples, json }: Flags): void {
  checkInteger('--seeds', seeds, 1, 100);
  checkInteger('--samples', samples, 10, 1e6);
  const point = leanPoint(400, { timesteps: 35 });
  const cases = Object.entries(rangers).flatMap(([name, ranger]) =>
    Object.entries(ways(ranger)).map(([way, values]) => ({ name, ranger, way, values })),
  );
  const bar = new Progress('sides', cases.length * seeds, process.stderr);
  const rows = cases.map(({ name, ranger, way, values }) => {
    const accuracies = Array.from({ length: seeds }, (_, k) => {
      const accuracy = sideRun({ seed: k + 1, ranger, values, point, samples });
      bar.advance(1);
      return accuracy;
    });
    return { ranger: name, way, accuracies, mean: accuracies.reduce((sum, each) => sum + each, 0) / seeds };
  });
  bar.end();
  if (json) {
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  const percents = (share: number): string => (100 * share).toFixed(1);
  const cells = rows.map(({ ranger, way, accuracies, mean }) => {
    const range = `${percents(Math.min(...accuracies))} to ${percents(Math.max(...accuracies))}`;
    return [ranger, way, percents(mean), range];
  });
  process.stdout.write(markdownTable(['sensor', 'read', 'right [%]', 'of the seeds'], cells));
}
