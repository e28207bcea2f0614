import { join } from 'node:path';
import { reasonOf, TopsparkError } from 'topspark/base/errors.js';
import { quoted } from 'topspark/base/quoted.js';
import { readRegular } from 'topspark/base/regular-file.js';
import { decompress } from 'topspark/sensing/image/compressed-picture.js';
import { ImageEncoder, mostPixels } from 'topspark/sensing/image/image-sensor.js';
import type { ImageFrame } from 'topspark/sensing/image/image-frame.js';
import { isFolder, listClasses, spreadClasses, type FolderContent, type NamedFile } from './class-folders.js';
import type { Dataset, Split } from './dataset.js';

/** Parts of a folder of pictures: what is learned, what is for choosing, what is for the report. */
const parts = ['train', 'validation', 'test'] as const;
type Part = (typeof parts)[number];

/** The parts on which one may test. */
export const testParts = ['validation', 'test'] as const satisfies readonly Part[];

/** One of {@link testParts}. */
export type TestPart = (typeof testParts)[number];

/** Side to which pictures are brought, that of a node's images by default [pixel]. */
const side = 28;
/** As a node refuses a compressed image by default [byte]. */
const mostBytes = 2 ** 24;
/** A label is kept as a byte. */
const mostClasses = 256;

const layout = 'train/CLASS/*.jpg and test/CLASS/*.jpg (or *.jpeg, *.png)';
const content: FolderContent = {
  pattern: /\.(jpe?g|png)$/i,
  one: 'picture',
  names: '*.jpg, *.jpeg or *.png',
  layout,
  fault: 'dataset_bad_picture',
};

/** Whether a folder is meant as one of pictures: it has a part of one. */
export function isPictureFolder(path: string): boolean {
  return parts.some((part) => isFolder(join(path, part)));
}

/**
 * A folder of pictures by class, `train/CLASS/*.jpg`, `test/CLASS/*.jpg` and perhaps `validation/CLASS/*.jpg`, brought to
 * 28 × 28 pixels of light as a node brings a compressed image. The order depends on the names alone: within a part every
 * class is spread evenly, so that any stretch has of each its share. What is hidden is left out. All names are looked at
 * at once, pictures are read when their part is first asked for.
 *
 * @param tested - parts that are the test, together
 * @throws {@link TopsparkError} `dataset_missing`, `dataset_empty`, `dataset_unknown_class`, `dataset_classes`,
 *   `dataset_bad_picture`, naming what was found, where, and what was expected
 */
export function loadPictureFolder(path: string, tested: readonly TestPart[] = ['test']): Dataset {
  return openPictureFolder(path, tested, toLight);
}

/** Turns the pictures of a part, one after the other, into bytes. */
export type ReadPictures = (pictures: readonly NamedFile[]) => Uint8Array;

/** How a folder of pictures is brought to bytes, and their shape. */
export interface PictureReading {
  readonly rows: number;
  readonly columns: number;
  readonly intensities?: Dataset['intensities'];
  readonly seen?: Dataset['seen'];
  readonly read: ReadPictures;
}

/**
 * The same with another reading of its pictures.
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
      // Choosing on what is tested would flatter.
      return there.includes('validation') && !tested.includes('validation') ? load(['validation']) : undefined;
    },
  };
}

const readSplit = (pictures: readonly NamedFile[], { read }: PictureReading): Split => ({
  count: pictures.length,
  images: read(pictures),
  labels: Uint8Array.from(pictures, ({ label }) => label),
});

const toLight: PictureReading = {
  rows: side,
  columns: side,
  read(pictures) {
    const size = side * side;
    const scaler = new ImageEncoder({ width: side, height: side, encoding: 'plain' });
    const images = new Uint8Array(pictures.length * size);
    for (const [k, { file }] of pictures.entries()) {
      readPicture(file, (frame) => {
        scaler.encode(frame, images.subarray(k * size, (k + 1) * size));
      });
    }
    return images;
  },
};

/**
 * Reads a picture and does something with it.
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
