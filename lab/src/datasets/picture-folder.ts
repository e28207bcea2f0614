import { join } from 'node:path';
import { reasonOf, TopsparkError } from 'topspark/base/errors.js';
import { quoted } from 'topspark/base/quoted.js';
import { readRegular } from 'topspark/base/regular-file.js';
import { decompress } from 'topspark/sensing/image/compressed-picture.js';
import { colourFormats } from 'topspark/sensing/image/colour-formats.js';
import { mostPixels } from 'topspark/sensing/image/image-sensor.js';
import { checkFrame, type ImageFrame } from 'topspark/sensing/image/image-frame.js';
import { LuminanceScaler } from 'topspark/sensing/image/luminance.js';
import { isFolder, listClasses, spreadClasses, type FolderContent, type NamedFile } from './class-folders.js';
import type { Dataset, Split } from './dataset.js';

/** Parts of a folder of pictures: for training, for choosing, and for the reported test. */
const parts = ['train', 'validation', 'test'] as const;
type Part = (typeof parts)[number];

/** Parts that can be the test. */
export const testParts = ['validation', 'test'] as const satisfies readonly Part[];

/** One of {@link testParts}. */
export type TestPart = (typeof testParts)[number];

/** Side to which pictures are scaled, the default of a node's images [pixel]. */
const side = 28;
/** Size limit of a compressed picture, the default of a node [byte]. */
const mostBytes = 2 ** 24;
/** A label is stored as one byte. */
const mostClasses = 256;

const layout = 'train/CLASS/*.jpg and test/CLASS/*.jpg (or *.jpeg, *.png)';
const content: FolderContent = {
  pattern: /\.(jpe?g|png)$/i,
  one: 'picture',
  names: '*.jpg, *.jpeg or *.png',
  layout,
  fault: 'dataset_bad_picture',
};

/** Whether a folder is a folder of pictures, by having at least one of the parts. */
export function isPictureFolder(path: string): boolean {
  return parts.some((part) => isFolder(join(path, part)));
}

/**
 * Opens a folder of pictures by class: `train/CLASS/*.jpg`, `test/CLASS/*.jpg` and perhaps `validation/CLASS/*.jpg`.
 * Pictures are scaled to 28 × 28 pixels, grey and in colour, as a node scales a compressed image. The order depends on the file names
 * only: within a part every class is spread evenly, so that any stretch contains its share of each class. Hidden files
 * are left out. All names are checked at once; pictures are read when their part is first used.
 *
 * @param tested - parts that together are the test
 * @throws {@link TopsparkError} `dataset_missing`, `dataset_empty`, `dataset_unknown_class`, `dataset_classes`,
 *   `dataset_bad_picture`, naming what was found, where, and what was expected
 */
export function loadPictureFolder(path: string, tested: readonly TestPart[] = ['test']): Dataset {
  return openPictureFolder(path, tested, toLight);
}

/** Encodes the pictures of a part as bytes, in order. */
export type ReadPictures = (pictures: readonly NamedFile[]) => Pick<Split, 'images' | 'colours'>;

/** How the pictures of a folder become bytes, and their shape. */
export interface PictureReading {
  readonly rows: number;
  readonly columns: number;
  readonly intensities?: Dataset['intensities'];
  readonly seen?: Dataset['seen'];
  readonly read: ReadPictures;
}

/**
 * Opens a folder of pictures with another encoding.
 *
 * @throws {@link TopsparkError} as {@link loadPictureFolder}
 */
export function openPictureFolder(path: string, tested: readonly TestPart[], reading: PictureReading): Dataset {
  const there = parts.filter((part) => isFolder(join(path, part)));
  for (const part of ['train', ...tested] as const) {
    if (there.includes(part)) continue;
    const found = `data set ${path} has no part ${part}, only ${there.join(' and ')}`;
    throw fault('dataset_missing', `${found}, expected ${layout}`);
  }
  const listed = new Map(there.map((part) => [part, listClasses(join(path, part), content)]));
  const classNames = [...(listed.get('train')?.keys() ?? [])];
  if (classNames.length > mostClasses) {
    throw fault(
      'dataset_classes',
      `data set ${path} has ${classNames.length} classes, expected at most ${mostClasses}`,
    );
  }
  for (const [part, classes] of listed) {
    const strange = [...classes.keys()].find((name) => !classNames.includes(name));
    if (strange === undefined) continue;
    const found = `data set ${path}: ${part} has the class ${quoted(strange)}`;
    throw fault('dataset_unknown_class', `${found}, expected one of those in train`);
  }
  const loaded = new Map<string, Split>();
  const load = (wanted: readonly Part[]): Split => {
    const known =
      loaded.get(wanted.join()) ??
      readSplit(
        wanted.flatMap((part) => spreadClasses(listed.get(part), classNames)),
        reading,
      );
    loaded.set(wanted.join(), known);
    return known;
  };
  return {
    name: path,
    rows: reading.rows,
    columns: reading.columns,
    classNames,
    ...(reading.intensities && { intensities: reading.intensities }),
    ...(reading.seen && { seen: reading.seen }),
    get train() {
      return load(['train']);
    },
    get test() {
      return load(tested);
    },
    get validation() {
      // Choosing on the test pictures would make the result look better than it is.
      return there.includes('validation') && !tested.includes('validation') ? load(['validation']) : undefined;
    },
  };
}

const readSplit = (pictures: readonly NamedFile[], { read }: PictureReading): Split => ({
  count: pictures.length,
  ...read(pictures),
  labels: Uint8Array.from(pictures, ({ label }) => label),
});

const toLight: PictureReading = {
  rows: side,
  columns: side,
  read(pictures) {
    const size = side * side;
    const scaler = new LuminanceScaler(side, side);
    const images = new Uint8Array(pictures.length * size);
    const colours = new Uint8Array(3 * images.length);
    for (const [k, { file }] of pictures.entries()) {
      readPicture(file, (frame) => {
        const format = checkFrame(frame, mostPixels);
        scaler.scale(frame, format, images.subarray(k * size, (k + 1) * size));
        for (let plane = 0; plane < 3; plane++) {
          const at = (3 * k + plane) * size;
          scaler.scale(frame, colourFormats(format)?.[plane] ?? format, colours.subarray(at, at + size));
        }
      });
    }
    return { images, colours };
  },
};

/**
 * Reads a picture and passes it on.
 *
 * @throws {@link TopsparkError} `dataset_bad_picture`
 */
export function readPicture(file: string, use: (frame: ImageFrame) => void): void {
  try {
    const data = readRegular(file, mostBytes + 1);
    use(decompress(data, '', { maxBytes: mostBytes, maxPixels: mostPixels }));
  } catch (cause) {
    const found = `${file} cannot be read: ${reasonOf(cause)}`;
    throw new TopsparkError('dataset_bad_picture', 'data', `${found}; expected a JPEG or PNG, or the file taken away`, {
      cause,
    });
  }
}

const fault = (code: string, message: string): TopsparkError => new TopsparkError(code, 'data', message);
