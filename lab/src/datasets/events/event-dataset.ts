import { join } from 'node:path';
import { loadCodecs } from 'topspark/bag/codecs.js';
import { TopsparkError } from 'topspark/base/errors.js';
import { quoted } from 'topspark/base/quoted.js';
import { Progress } from 'topspark/cli/progress.js';
import type { SensorSettings } from 'topspark/sensing/in-time/sample-source.js';
import { isFolder, listClasses, spreadClasses, type FolderContent } from '../class-folders.js';
import { loadDataset, type Dataset, type Split } from '../dataset.js';
import { readAedat4 } from './aedat4-file.js';
import { ClipWindows } from './clip-windows.js';
import type { EventClip } from './event-clip.js';
import { readNMnist } from './n-mnist-file.js';
import { SimulatedEventCamera } from './simulated-event-camera.js';

/** How a data set is read through an event camera. Plain data. */
export interface EventReading {
  /** Settings of the event camera, the only sensor. */
  readonly sensors: SensorSettings;
}

/** The recordings of a part of a set, in order. */
interface Recordings {
  readonly count: number;
  label(index: number): number;
  /** The file, or another name for errors. */
  place(index: number): string;
  clip(index: number): EventClip;
}

const parts = ['train', 'test'] as const;
type Part = (typeof parts)[number];

/** A label is stored as one byte. */
const mostClasses = 256;
/** Seed of the simulated camera; decides the thresholds of its pixels. */
const cameraSeed = 1;
/** Recordings between two updates of the progress bar. */
const atOnce = 100;

const layout = 'Train/CLASS/*.bin and Test/CLASS/*.bin (or *.aedat4)';
const content: FolderContent = {
  pattern: /\.(bin|aedat4)$/i,
  one: 'recording of events',
  names: '*.bin of N-MNIST or *.aedat4',
  layout,
  fault: 'dataset_bad_recording',
};

/**
 * Loads a data set through an event camera: a folder of recordings by class, or pictures that are moved in front of a
 * simulated camera. Every window of a recording is a sample. A part is read at first use, with a progress bar on a
 * terminal.
 *
 * @param name - folder with `Train/CLASS` and `Test/CLASS` (or in lower case), or a data set of pictures
 * @param directory - folder of the files of a named set, if not the usual one
 * @throws {@link TopsparkError} `dataset_*`, `events_*`, naming what was found, where, and what was expected
 */
export async function loadEvents(name: string, { sensors }: EventReading, directory?: string): Promise<Dataset> {
  const windows = new ClipWindows(sensors);
  const folder = directory ?? name;
  const recorded = parts.some((part) => partFolder(folder, part) !== undefined);
  return recorded ? recordedEvents(folder, windows) : simulatedEvents(name, windows, directory);
}

async function recordedEvents(path: string, windows: ClipWindows): Promise<Dataset> {
  const listed = new Map(
    parts.map((part): [Part, Map<string, readonly string[]>] => {
      const folder = partFolder(path, part);
      if (folder !== undefined) return [part, listClasses(folder, content)];
      throw fault('dataset_missing', `data set ${path} has no part ${part}, expected ${layout}`);
    }),
  );
  const classNames = [...(listed.get('train')?.keys() ?? [])];
  if (classNames.length > mostClasses) {
    const found = `data set ${path} has ${classNames.length} classes`;
    throw fault('dataset_classes', `${found}, expected at most ${mostClasses}`);
  }
  const strange = [...(listed.get('test')?.keys() ?? [])].find((each) => !classNames.includes(each));
  if (strange !== undefined) {
    const found = `data set ${path}: test has the class ${quoted(strange)}`;
    throw fault('dataset_unknown_class', `${found}, expected one of those in train`);
  }
  const codecs = await loadCodecs();
  return eventDataset(path, classNames, windows, (part) => {
    const files = spreadClasses(listed.get(part), classNames);
    return {
      count: files.length,
      label: (index) => files[index].label,
      place: (index) => files[index].file,
      clip(index) {
        const { file } = files[index];
        return /\.bin$/i.test(file) ? readNMnist(file) : readAedat4(file, codecs);
      },
    };
  });
}

function simulatedEvents(name: string, windows: ClipWindows, directory: string | undefined): Dataset {
  const pictures = loadDataset(name, directory === undefined ? {} : { directory });
  const { rows, columns, classNames } = pictures;
  if (pictures.intensities) {
    const found = `--sensor is events with ${pictures.name}, which holds no pictures`;
    throw new TopsparkError('bad_combination', 'usage', `${found}, expected a data set of pictures, or ${layout}`);
  }
  const camera = new SimulatedEventCamera(columns, rows, cameraSeed);
  return eventDataset(`${pictures.name}, simulated events`, classNames, windows, (part) => {
    const { count, images, labels } = pictures[part];
    const size = rows * columns;
    return {
      count,
      label: (index) => labels[index],
      place: (index) => `picture ${index} of ${pictures.name}`,
      clip: (index) => camera.see(images.subarray(index * size, (index + 1) * size)),
    };
  });
}

function eventDataset(
  name: string,
  classNames: readonly string[],
  windows: ClipWindows,
  open: (part: Part) => Recordings,
): Dataset {
  const loaded = new Map<Part, Split>();
  const load = (part: Part): Split => {
    const split = loaded.get(part) ?? readSplit(`${name}, ${part}`, open(part), windows);
    loaded.set(part, split);
    return split;
  };
  const { rows, columns, intensities } = windows;
  return {
    ...{ name, rows, columns, classNames, intensities },
    get train() {
      return load('train');
    },
    get test() {
      return load('test');
    },
  };
}

function readSplit(title: string, recordings: Recordings, windows: ClipWindows): Split {
  const bar = new Progress(title, recordings.count, process.stderr);
  const size = windows.rows * windows.columns;
  const labels: number[] = [];
  const ends: number[] = [];
  let images = new Uint8Array(0);
  for (let index = 0; index < recordings.count; index++) {
    const seen = windows.of(recordings.clip(index));
    if (seen.length === 0) throw tooShort(recordings.place(index), windows);
    const needed = (labels.length + seen.length) * size;
    if (needed > images.length) images = grown(images, needed, seen.length * recordings.count * size);
    for (const [k, window] of seen.entries()) {
      images.set(window, labels.length * size);
      labels.push(recordings.label(index));
      ends.push(Number(k === seen.length - 1));
    }
    if ((index + 1) % atOnce === 0) bar.advance(atOnce);
  }
  bar.end();
  return {
    count: labels.length,
    images: images.subarray(0, labels.length * size),
    labels: Uint8Array.from(labels),
    ends: Uint8Array.from(ends),
  };
}

// Most recordings are as long as the first, so its length predicts the size.
function grown(bytes: Uint8Array<ArrayBuffer>, needed: number, likely: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(needed, bytes.length === 0 ? likely : Math.ceil(1.2 * bytes.length)));
  larger.set(bytes);
  return larger;
}

function tooShort(place: string, { window }: ClipWindows): TopsparkError {
  const expected = `events for a window of ${window / 1e6} s: set events.window lower, or take it away`;
  return fault('events_short', `${place} is too short, expected ${expected}`);
}

/** Folder of a part: capitalised as in N-MNIST, or in lower case. */
const partFolder = (path: string, part: Part): string | undefined =>
  [`${part[0].toUpperCase()}${part.slice(1)}`, part].map((name) => join(path, name)).find(isFolder);

const fault = (code: string, message: string): TopsparkError => new TopsparkError(code, 'data', message);
