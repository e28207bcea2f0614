import { InvalidArgumentError, Option, type Command } from 'commander';
import { isBag } from 'topspark/bag/bag-paths.js';
import { standardLabels } from 'topspark/agent/agent-settings.js';
import { TopsparkError } from 'topspark/base/errors.js';
import { printable } from 'topspark/base/quoted.js';
import type { Snapshot } from 'topspark/base/snapshot.js';
import type { Dataset } from '../datasets/dataset.js';
import { scenes, type Scene } from '../datasets/scene.js';
import { testParts, type TestPart } from '../datasets/picture-folder.js';
import { pictureEncodings, standardImage, type PictureEncoding } from '../training/picture-encodings.js';
import { linearReadoutUses } from 'topspark/classifier/linear-use.js';
import { spikeEncodings, spikeRules } from 'topspark/snn/timed/timed-baseline.js';
import { inDirectory, loadChoice, type DatasetChoice } from '../datasets/dataset-ref.js';
import { timedPolicies } from 'topspark/timestep/policy/timed-policy.js';
import { bagInputs, warnIgnored, withBagOptions, type BagFlags } from 'topspark/cli/bag-inputs.js';
import { number } from 'topspark/cli/options.js';
import { embeddingEncoding } from 'topspark/sensing/image/image-sensor.js';
import type { EmbeddingModel } from 'topspark/sensing/image/embedding/embedding-encoder.js';
import { precisions, preparedSizes, type Precision } from 'topspark/sensing/image/embedding/prepared-models.js';

/** Options that choose a data set. */
export interface DataFlags extends BagFlags {
  /** A name, or all files of a bag. */
  readonly dataset: readonly string[];
  readonly dataDir?: string;
  readonly scene: Scene;
  readonly testParts?: readonly TestPart[];
  /** Sensor that recorded the set or sees its pictures. */
  readonly sensor?: 'events';
  /** For data sets of pictures only. */
  readonly image?: PictureEncoding;
  /** With `embedding`: side of the picture that the prepared model reads [pixel]. */
  readonly embeddingSize?: number;
  /** With `embedding`: file of the user's own model. */
  readonly embeddingPrecision?: Precision;
  readonly embeddingModel?: string;
}

/**
 * Adds the options that choose a data set.
 *
 * @param image - default of `--image`, in words
 */
export function withDataOptions(command: Command, image: string): Command {
  return withBagOptions(command)
    .addOption(
      new Option(
        '--dataset <name...>',
        'mnist, fashion-mnist, smartwatch, a folder with the four IDX files or with pictures by class (train/CLASS/*.jpg, test/CLASS/*.jpg, perhaps validation/), or a bag with labels: file, folder, or several',
      ).default(['mnist'], '"mnist"'),
    )
    .option('--data-dir <folder>', 'where the files of a named set lie, if not in the usual place')
    .addOption(
      new Option('--scene <light>', 'how the images are lit: veiled 60 + x/2, dim 100 + x/10')
        .choices(scenes)
        .default('clean'),
    )
    .addOption(
      new Option(
        '--sensor <name>',
        'events: recordings of an event camera (Train/CLASS/*.bin of N-MNIST or *.aedat4, Test/…), or pictures moved before a simulated one; -p events.window:=… sets it',
      ).choices(['events']),
    )
    .option('--test-parts <parts>', 'of a folder of pictures: test, validation or both, as validation,test', partsOf)
    .addOption(
      new Option(
        '--image <encoding>',
        `how images become intensities (default: ${image}); what is no picture is taken as it is`,
      ).choices(pictureEncodings),
    )
    .addOption(
      new Option('--embedding-size <pixels>', 'with --image embedding: side of the picture (default: 224)')
        .choices(preparedSizes.map(String))
        .argParser(Number),
    )
    .addOption(
      new Option(
        '--embedding-precision <numbers>',
        'with --image embedding: type of the numbers in the prepared model (default: float32)',
      ).choices(precisions),
    )
    .option('--embedding-model <file>', 'with --image embedding: an ONNX file in place of the prepared model');
}

/**
 * Loads the data set that was asked for.
 *
 * @param start - state whose sensor readings apply to a bag, except where set otherwise
 * @throws TopsparkError `bad_combination` where options of a bag are given with another set, or as {@link loadChoice}
 */
export async function chosenDataset(
  flags: DataFlags,
  start?: Snapshot,
): Promise<{ choice: DatasetChoice; dataset: Dataset }> {
  const choice = datasetChoice(flags, start);
  const dataset = await loadChoice(choice, flags.dataDir);
  for (const [cause, { count, first }] of dataset.refused ?? []) {
    const said = first === '' ? '' : `; the first: ${first}`;
    process.stderr.write(`topspark: ${printable(`${dataset.name}: refused ${count}: ${cause}${said}`)}\n`);
  }
  return { choice, dataset };
}

/** For recordings: counts of refused messages and labels, and of those without a sample, as in `topspark replay`. */
export function refusedOf({ refused }: Dataset): object {
  if (refused === undefined) return {};
  const counts = [...refused].map(([cause, { count }]) => [cause, count] as const);
  return { refused: counts.reduce((sum, [, count]) => sum + count, 0), refusedByCause: Object.fromEntries(counts) };
}

/**
 * Encoding of a data set's samples as intensities.
 *
 * @param image - as the user gave it
 * @throws TopsparkError `bad_combination` where it was given, but the samples are not pictures
 */
export function imageEncoding(
  { name, intensities, inOrder }: Dataset,
  image: PictureEncoding | undefined,
): PictureEncoding {
  if (!intensities) return image ?? standardImage;
  // Embeddings were computed when the set was loaded.
  if (image === embeddingEncoding && !inOrder) return image;
  if (image === undefined) return 'plain';
  const found = `--image is ${image} with ${name}, whose samples are intensities already`;
  const expected = inOrder ? 'the parameter of the sensor: -p image.encoding:=…' : 'no --image';
  throw new TopsparkError('bad_combination', 'usage', `${found}, expected ${expected}`);
}

function datasetChoice(flags: DataFlags, start: Snapshot | undefined): DatasetChoice {
  if (flags.sensor !== undefined) return eventChoice(flags, flags.sensor, start);
  const { dataset: names, dataDir, testParts, paramsFile, param, remap, namespace } = flags;
  const embedding = embeddingModel(flags);
  const common = { ...lit(flags.scene), ...(testParts && { testParts }), ...(embedding && { embedding }) };
  const [name = '', ...more] = names;
  const bags = names.filter((each) => isBag(inDirectory(each, dataDir)));
  if (bags.length === names.length) {
    const { settings, topics, given } = bagInputs(flags, start);
    const { sensors, labels = standardLabels } = settings;
    const used = sensors.use.map((each) => each.name);
    refuseUnused(param, used);
    warnIgnored(
      given.filter((each) => !hasPart(each, used)),
      'reading a bag as a data set',
    );
    const bag = {
      ...(more.length > 0 && { more }),
      sensors,
      labelSlop: labels.slop,
      topics: Object.fromEntries(topics),
    };
    return { name, ...common, bag };
  }
  if (more.length > 0) {
    const found = `--dataset names ${names.join(', ')}`;
    throw new TopsparkError('bad_combination', 'usage', `${found}, expected one data set, or files of a bag alone`);
  }
  if (paramsFile !== undefined || param.length + remap.length > 0 || namespace !== '/') {
    const found = `--params-file, --param, --remap or --namespace is given with --dataset ${name}`;
    throw new TopsparkError(
      'bad_combination',
      'usage',
      `${found}, expected a bag: --dataset FILE.mcap, FILE.db3 or its folder`,
    );
  }
  return { name, ...common };
}

function eventChoice(flags: DataFlags, sensor: 'events', start: Snapshot | undefined): DatasetChoice {
  const { dataset: names, dataDir, testParts, remap, namespace, image, scene, param } = flags;
  const [name = '', ...more] = names;
  const other = Object.entries({
    '--test-parts': testParts !== undefined,
    '--image': image !== undefined,
    '--scene': scene !== 'clean',
    '--remap': remap.length > 0,
    '--namespace': namespace !== '/',
    'a second --dataset': more.length > 0,
    'a bag': isBag(inDirectory(name, dataDir)),
  }).find(([, given]) => given)?.[0];
  if (other !== undefined) {
    const expected =
      'a folder Train/CLASS/*.bin or *.aedat4, or a data set of pictures, and -p events.NAME:=VALUE alone';
    throw new TopsparkError(
      'bad_combination',
      'usage',
      `${other} is given with --sensor ${sensor}, expected ${expected}`,
    );
  }
  const { settings, given } = bagInputs({ ...flags, param: [`sensors:=[${sensor}]`, ...param] }, start);
  refuseUnused(param, [sensor]);
  warnIgnored(
    given.filter((each) => !hasPart(each, [sensor])),
    'reading recordings of events',
  );
  return { name, events: { sensors: settings.sensors } };
}

function embeddingModel(flags: DataFlags): EmbeddingModel | undefined {
  const { image, embeddingSize, embeddingPrecision: precision, embeddingModel: model, scene } = flags;
  const ofMade = embeddingSize !== undefined ? '--embedding-size' : precision && '--embedding-precision';
  const given = ofMade ?? (model !== undefined ? '--embedding-model' : undefined);
  if (image !== embeddingEncoding) {
    if (given === undefined) return undefined;
    throw new TopsparkError('bad_combination', 'usage', `${given} is given without --image embedding`);
  }
  if (ofMade !== undefined && model !== undefined) {
    const found = `${ofMade} and --embedding-model are given`;
    throw new TopsparkError('bad_combination', 'usage', `${found}, expected one: a model has its own size and numbers`);
  }
  if (scene !== 'clean') {
    const found = `--scene is ${scene} with --image embedding`;
    throw new TopsparkError('bad_combination', 'usage', `${found}, expected clean: its pictures are seen as they are`);
  }
  return { model: model ?? '', size: embeddingSize ?? preparedSizes[0], ...(precision && { precision }) };
}

// Only samples are read from a bag here, so any other parameter would be ignored silently.
function refuseUnused(given: readonly string[], sensors: readonly string[]): void {
  for (const text of given) {
    const name = text.slice(0, text.indexOf(':='));
    if (hasPart(name, sensors)) continue;
    const option =
      name.startsWith('network.') || name.startsWith('learning.')
        ? '--neurons and the other options of the command, or '
        : '';
    const read = ['sensors', 'label.slop', 'sync.*', ...sensors.map((sensor) => `${sensor}.*`)].join(', ');
    const message = `parameter ${name} has no part in reading a bag, expected ${option}one of ${read}`;
    throw new TopsparkError('bad_combination', 'usage', message);
  }
}

const hasPart = (name: string, sensors: readonly string[]): boolean =>
  ['sensors', 'label.slop'].includes(name) || ['sync', ...sensors].some((block) => name.startsWith(`${block}.`));

const lit = (scene: Scene): Pick<DatasetChoice, 'scene'> => (scene === 'clean' ? {} : { scene });

/** Adds the options of a network and of what it learns. */
export function withTrainingOptions(command: Command): Command {
  return withDataOptions(command, standardImage)
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .option('--policy <name>', `lean, ${timedPolicies.join(', ')}, or a YAML file with one of your own`, policy, 'lean')
    .option(
      '--timesteps <T>',
      'timesteps a sample is presented in, 1..1000 (lean 35, with edges or scene 30; none 350, others 50)',
      number,
    )
    .option('--events <E>', 'lean: input events read per sample (default: 200)', number)
    .option('--keep <K>', 'lean: neurons that read all events (default: a quarter of N, 10..48)', number)
    .option(
      '--exit-first <lead>',
      'lean: vote lead that ends a decision after the first events (default: never)',
      number,
    )
    .option('--exit <lead>', 'vote lead that ends a decision later; 0: never', number, 0)
    .option('--samples <n>', 'training samples', number, 20_000)
    .option('--test-samples <n>', 'test samples, at most what the set has', number, 10_000)
    .option('--labels <share>', 'share of the training samples whose label is given, 0..1', number, 1)
    .option('--labels-first <K>', 'lean: only the first K of the given labels of each class', number)
    .option('--label-samples <n>', 'not lean: samples that name the frozen neurons; 0: none (default: 10000)', number)
    .addOption(new Option('--rule <name>', 'how weights change (lean: expected, others: pair)').choices(spikeRules))
    .addOption(
      new Option(
        '--encoding <name>',
        'not lean: how intensities become spikes (rate: regular, others: poisson)',
      ).choices(spikeEncodings),
    )
    .addOption(
      new Option('--learn <samples>', 'lean: which samples are learned; novel: none of which a settled network is sure')
        .choices(['all', 'novel'])
        .default('all'),
    )
    .addOption(
      new Option(
        '--linear-readout <when>',
        'lean: whether a linear readout is used with the votes; auto: on vectors of features',
      )
        .choices(linearReadoutUses)
        .default('auto'),
    )
    .option('--seed <n>', 'order of the samples and choice of labels', number, 1);
}

function partsOf(text: string): readonly TestPart[] {
  const named = text.split(',');
  const found = testParts.filter((part) => named.includes(part));
  if (found.length === named.length) return found;
  throw new InvalidArgumentError('Allowed are test, validation, and both as validation,test.');
}

function policy(text: string): string {
  if (['lean', ...timedPolicies].includes(text) || /\.ya?ml$/.test(text)) return text;
  throw new InvalidArgumentError(`Allowed choices are lean, ${timedPolicies.join(', ')}, or a file FILE.yaml.`);
}
