import { Command, InvalidArgumentError } from 'commander';

/** Options of the demo. */
export interface DemoOptions {
  readonly samples: number;
  /** Images a second [1/s]. */
  readonly rate: number;
  /** Share of the images that are labelled, 0..1. */
  readonly labels: number;
  /** Excitatory neurons N. */
  readonly neurons: number;
  readonly seed: number;
  readonly dataset: string;
  /** Whether a robot with a laser in a generated building replaces the camera that shows a data set. */
  readonly world: boolean;
  /** Port of a page on which a person teaches the robot, which is carried between four places; `undefined`: no page. */
  readonly page: number | undefined;
  /** ROS domain; `undefined`: that of the environment, else a domain of the demo's own. */
  readonly domain: number | undefined;
  readonly json: boolean;
}

/**
 * Reads the command line. It prints help or an error and exits where needed.
 *
 * @param argv - as `process.argv`
 */
export function readOptions(argv: readonly string[]): DemoOptions {
  const command = new Command('npm start --')
    .description('A robot agent learns handwritten digits over real ROS 2, from nothing, while its battery drains.')
    .option('--world', 'a robot learns kinds of places from its laser instead, on a drive through a building', false)
    .option(
      '--page [port]',
      'teach it yourself, on a page: a robot is carried between four places, ten scans a second, nothing is labelled',
      integer(0, 65_535),
    )
    .option('--samples <count>', 'images that the camera shows; scans of the laser', integer(1, 10_000_000), 10_000)
    .option('--rate <hertz>', 'images or scans a second', number(0.1, 1000), 200)
    .option('--labels <share>', 'share of them that are labelled, 0..1', number(0, 1), 0.1)
    .option('--neurons <count>', 'excitatory neurons of the network', integer(10, 6400), 400)
    .option(
      '--seed <number>',
      'order of the images, or the building; choice of labels',
      integer(0, Number.MAX_SAFE_INTEGER),
      1,
    )
    .option('--dataset <name>', 'mnist, fashion-mnist, or a folder with the four IDX files', 'mnist')
    .option('--domain <id>', 'ROS_DOMAIN_ID; without it that of the environment, else one of its own', integer(0, 232))
    .option('--json', 'print one JSON object at the end, and everything else on standard error', false)
    .addHelpText(
      'after',
      '\nExamples:\n  npm start -- --samples 4000 --rate 100 --labels 0.05\n  npm start -- --world\n  npm start -- --page',
    )
    .allowExcessArguments(false);
  command.parse(argv);
  if (command.opts<{ world: boolean }>().world && command.getOptionValueSource('dataset') === 'cli') {
    command.error("error: option '--dataset <name>' cannot be used with option '--world'");
  }
  const options = command.opts<Omit<DemoOptions, 'domain' | 'page'> & { page?: number | true }>();
  return { domain: undefined, ...options, ...forPage(options, (name) => command.getOptionValueSource(name) === 'cli') };
}

/** Default port of the page, and options whose defaults differ when there is a page. */
const standardPort = 8080;
const withPage = { samples: 36_000, rate: 10, labels: 0 };

function forPage(
  { page }: { readonly page?: number | true },
  given: (name: string) => boolean,
): Partial<DemoOptions> & Pick<DemoOptions, 'page'> {
  if (page === undefined) return { page };
  const own = Object.entries(withPage).filter(([name]) => !given(name));
  return { ...Object.fromEntries(own), page: page === true ? standardPort : page, world: true };
}

function number(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected a number in ${low}..${high}.`);
  };
}

function integer(low: number, high: number): (text: string) => number {
  const read = number(low, high);
  return (text) => {
    const value = read(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError(`Expected a whole number in ${low}..${high}.`);
  };
}
