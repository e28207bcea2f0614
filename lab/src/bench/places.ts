import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { checkInteger, TopsparkError } from 'topspark/base/errors.js';
import { RouteMatcher } from 'topspark/classifier/route-matcher.js';
import { number } from 'topspark/cli/options.js';
import { backboneOf, EmbeddingEncoder } from 'topspark/sensing/image/embedding/embedding-encoder.js';
import { preparedSizes } from 'topspark/sensing/image/embedding/prepared-models.js';
import {
  embeddingEncoding,
  ImageEncoder,
  imageEncodings,
  mostPixels,
  pixelEncodings,
} from 'topspark/sensing/image/image-sensor.js';
import type { ImageFrame } from 'topspark/sensing/image/image-frame.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import type { Dataset, Split } from '../datasets/dataset.js';
import { readPicture } from '../datasets/picture-folder.js';
import { trainRun } from '../training/train-run.js';

interface Flags {
  readonly image: (typeof imageEncodings)[number];
  readonly embeddingSize: number;
  readonly places: number;
  readonly samples: number;
  readonly seeds: number;
  readonly json?: true;
}

/** Recognition of places of a route on a second drive. */
export interface PlacesResult {
  readonly image: string;
  readonly frames: number;
  readonly places: number;
  /** Stretches as classes, learned on the first drive: share of right answers on the second, by seed. */
  readonly accuracies: readonly number[];
  /** The same stretches, found by matching sequences: the latest samples with all frames of the first drive. */
  readonly matched: number;
  /**
   * Single places, one picture each: share found within one picture of the right one, by single samples and by
   * sequences.
   */
  readonly singleAlone: number;
  readonly singleMatched: number;
}

const examples = `
Examples:
  $ npx topspark bench places shared/data/corridor --image embedding
  $ npx topspark bench places shared/data/corridor --image edges --json
`;

/** `topspark bench places`: a route that is driven twice. */
export function placesBench(): Command {
  return new Command('places')
    .description(
      'A route that was driven twice, frame by frame the same: stretches as classes, and single places by matching. Needs no ROS.',
    )
    .argument('<folder>', 'holds ref/*.jpg, which is learned, and query/*.jpg, which is asked')
    .addOption(new Option('--image <encoding>', 'how pictures are read').choices(imageEncodings).default('embedding'))
    .option('--embedding-size <pixels>', 'with --image embedding: side of the picture', number, preparedSizes[0])
    .option('--places <n>', 'stretches of the route that are a class each', number, 10)
    .option('--samples <n>', 'frames of the first drive that are learned, in any order, again and again', number, 1500)
    .option('--seeds <n>', 'runs, with seeds from 1 on', number, 3)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

function run(folder: string, { image, embeddingSize, places, samples, seeds, json }: Flags): void {
  checkInteger('--places', places, 2, 256);
  checkInteger('--samples', samples, 1, 1e7);
  checkInteger('--seeds', seeds, 1, 1000);
  const eye = eyeOf(image, embeddingSize);
  const [first, second] = ['ref', 'query'].map((part) => see(join(folder, part), eye));
  if (first.length !== second.length) {
    const found = `${folder} has ${first.length} frames in ref and ${second.length} in query`;
    throw new TopsparkError('dataset_size', 'data', `${found}, expected as many: frame by frame the same places`);
  }
  const result = { ...(image === embeddingEncoding && { size: embeddingSize }), ...measure(first, second) };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));

  function measure(ref: readonly Uint8Array[], query: readonly Uint8Array[]): PlacesResult {
    const frames = ref.length;
    const stretch = (k: number): number => Math.min(places - 1, Math.floor((k * places) / frames));
    const rightOf = (found: readonly (number | undefined)[], right: (found: number, k: number) => boolean): number =>
      found.filter((each, k) => each !== undefined && right(each, k)).length / frames;
    const inRow = routeOf(ref);
    const matched = query.map((sample) => inRow.match(sample));
    const alone = query.map((sample) => {
      inRow.forgetWay();
      return inRow.match(sample);
    });
    const near = (found: number, k: number): boolean => Math.abs(found - k) <= 1;
    const dataset = datasetOf(ref, query, stretch);
    return {
      ...{ image, frames, places },
      accuracies: Array.from({ length: seeds }, (_, seed) => accuracyOf(dataset, seed + 1)),
      matched: rightOf(matched, (found, k) => stretch(found) === stretch(k)),
      singleAlone: rightOf(alone, near),
      singleMatched: rightOf(matched, near),
    };
  }

  function datasetOf(
    ref: readonly Uint8Array[],
    query: readonly Uint8Array[],
    stretch: (k: number) => number,
  ): Dataset {
    const split = (samplesOf: readonly Uint8Array[]): Split => ({
      count: samplesOf.length,
      images: Uint8Array.from(Buffer.concat(samplesOf)),
      labels: Uint8Array.from(samplesOf, (_, k) => stretch(k)),
    });
    const classNames = Array.from({ length: places }, (_, k) => `place ${k + 1}`);
    const { rows, columns } = eye;
    const sensors = [{ name: 'image', encoding: image, inputs: rows * columns }];
    return {
      ...{ name: folder, rows, columns, classNames },
      ...{ intensities: { polarity: eye.polarity, sensors }, train: split(ref), test: split(query) },
    };
  }

  function accuracyOf(dataset: Dataset, seed: number): number {
    const neurons = 400;
    const point = { ...leanPoint(neurons), exitFirst: 0, exit: 0 };
    const options = { neurons, point, samples, testSamples: dataset.test.count, labels: 1, image, seed };
    return trainRun(dataset, options, () => undefined).result.accuracy;
  }
}

interface Eye {
  readonly rows: number;
  readonly columns: number;
  readonly polarity: boolean;
  readonly encode: (frame: ImageFrame, into: Uint8Array) => void;
}

function eyeOf(image: Flags['image'], size: number): Eye {
  const encoding = pixelEncodings.find((name) => name === image);
  if (encoding === undefined) {
    const encoder = new EmbeddingEncoder([backboneOf({ model: '', size })], { maxPixels: mostPixels, maxDepth: 0 });
    const { rows, columns } = encoder;
    return { ...{ rows, columns, polarity: false }, encode: encoder.encode.bind(encoder) };
  }
  const encoder = new ImageEncoder({ width: 28, height: 28, encoding });
  const { rows, columns, polarity } = encoder;
  return { ...{ rows, columns, polarity }, encode: encoder.encode.bind(encoder) };
}

/** Encodes the frames of a folder in the order of their names. */
function see(folder: string, { rows, columns, encode }: Eye): Uint8Array[] {
  const files = readdirSync(folder)
    .filter((name) => /\.(jpe?g|png)$/i.test(name))
    .sort();
  return files.map((name) => {
    const intensities = new Uint8Array(rows * columns);
    readPicture(join(folder, name), (frame) => {
      encode(frame, intensities);
    });
    return intensities;
  });
}

function routeOf(frames: readonly Uint8Array[]): RouteMatcher {
  const route = new RouteMatcher(frames.length, frames[0]?.length ?? 0);
  for (const [k, each] of frames.entries()) route.add(each, String(k), BigInt(k));
  return route;
}

function describe(result: PlacesResult): string {
  const { image, frames, places, accuracies, matched, singleAlone, singleMatched } = result;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `${frames} frames of a second drive, ${image}`,
    `${places} stretches, each frame by itself   ${accuracies.map(percent).join(', ')}`,
    `${places} stretches, matched in a row       ${percent(matched)}`,
    `single places, each frame by itself  ${percent(singleAlone)}`,
    `single places, matched in a row      ${percent(singleMatched)}`,
    '',
  ].join('\n');
}
