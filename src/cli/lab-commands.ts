import { Command } from 'commander';
import { TopsparkError } from '../base/errors.js';

/** The package with the tools for a desktop computer; it is not installed on robots. */
const labPackage = 'topspark-lab';

/** Its commands with their descriptions, listed even where it is not installed. */
const described: Readonly<Record<string, string>> = {
  train: 'Train on a data set or a bag.',
  evaluate: 'Evaluate what was learned.',
  export: 'Write what was learned for other simulators and chips.',
  profile: 'Measure the operating profile.',
  reproduce: 'Repeat the published measurements.',
  worker: 'Work on the jobs of a queue.',
  bench: 'Measure one part on this machine.',
};

/**
 * The commands of topspark-lab where it is installed, otherwise placeholders that say where the commands are.
 *
 * @param named - first word typed; if it is a command of that package, only that command is loaded
 * @throws an error of the package where it is installed but broken
 */
export async function findLabCommands(named?: string): Promise<readonly Command[]> {
  try {
    const lab = (await import(labPackage)) as {
      readonly labCommands: (named?: string) => Promise<Command[]>;
    };
    return await lab.labCommands(named);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return Object.entries(described).map(([name, text]) => placeholder(name, text));
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${labPackage}'`);
}

function placeholder(name: string, text: string): Command {
  return (
    new Command(name)
      .description(`${text} In the package ${labPackage}.`)
      // Accepts all arguments that the command would have taken.
      .argument('[arguments...]')
      .allowUnknownOption()
      .action(() => {
        const found = `'topspark ${name}' is in the package ${labPackage}, which is not installed`;
        const sentence = `${found}: npm install ${labPackage}, or colcon build with --cmake-args -DTOPSPARK_LAB=ON`;
        throw new TopsparkError('lab_missing', 'environment', sentence);
      })
  );
}
