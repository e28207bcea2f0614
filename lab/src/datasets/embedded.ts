import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TopsparkError } from 'topspark/base/errors.js';
import { programRoot } from 'topspark/base/package.js';
import type { ImageFrame } from 'topspark/sensing/image/image-frame.js';
import { mostPixels } from 'topspark/sensing/image/image-sensor.js';
import {
  backboneOf,
  EmbeddingEncoder,
  type EmbeddingModel,
} from 'topspark/sensing/image/embedding/embedding-encoder.js';
import { preparedSizes } from 'topspark/sensing/image/embedding/prepared-models.js';
import { Silence } from 'topspark/sensing/refuse.js';
import { noFrontEnd, type FrontEndCounts } from 'topspark/snn/operation-counts.js';
import { attributesOf, type Dataset, type Split } from './dataset.js';
import type { NamedFile } from './class-folders.js';
import { openPictureFolder, readPicture, type TestPart } from './picture-folder.js';
import { readRegular } from 'topspark/base/regular-file.js';

/**
 * Reads a folder of pictures as the vectors of a pretrained network, as a robot with `image.encoding: embedding`
 * encodes them.
 *
 * @throws {@link TopsparkError} as `loadPictureFolder`, and `embedding_*` where there is no model or no runtime for it
 */
export function embedPictureFolder(path: string, tested: readonly TestPart[], model: EmbeddingModel): Dataset {
  const eye = new Eye(model);
  return openPictureFolder(path, tested, {
    rows: 1,
    columns: eye.columns,
    intensities: eye.intensities,
    ...seenAt(model, (other) => embedPictureFolder(path, tested, other)),
    read: (pictures) => ({ images: eye.see(pictures.map(toSource)) }),
  });
}

/**
 * The same data set through the prepared models of other resolutions, each loaded once. A model of the user's has one
 * resolution only.
 */
function seenAt(choice: EmbeddingModel, open: (model: EmbeddingModel) => Dataset): Pick<Dataset, 'seen'> {
  const { model, size } = choice;
  if (model !== '') return {};
  const loaded = new Map<number, Dataset>();
  const at = (resolution: number): Dataset => {
    const dataset = loaded.get(resolution) ?? open({ ...choice, size: resolution });
    loaded.set(resolution, dataset);
    return dataset;
  };
  return { seen: { resolutions: preparedSizes.filter((each) => each <= size), at } };
}

const toSource = ({ file }: NamedFile): Source => ({
  identity: readRegular(file),
  use: (frame) => {
    readPicture(file, frame);
  },
});

/**
 * Encodes a data set of grey pictures, such as MNIST, as the vectors of a pretrained network.
 *
 * @throws {@link TopsparkError} `embedding_*`; `bad_combination` where its samples are not pictures
 */
export function embedImages(dataset: Dataset, model: EmbeddingModel): Dataset {
  if (dataset.intensities) {
    const found = `--image is embedding with ${dataset.name}, whose samples are intensities already`;
    throw new TopsparkError('bad_combination', 'usage', `${found}, expected no --image`);
  }
  const eye = new Eye(model);
  const { rows: height, columns: width } = dataset;
  const seen = ({ count, images, labels }: Split): Split => {
    const sources = Array.from({ length: count }, (_, k): Source => {
      const data = images.subarray(k * width * height, (k + 1) * width * height);
      const frame = { width, height, encoding: 'mono8', bigEndian: false, step: width, data };
      return {
        identity: data,
        use: (look) => {
          look(frame);
        },
      };
    });
    return { count, images: eye.see(sources), labels };
  };
  const loaded = new Map<Split, Split>();
  const once = (split: Split): Split => {
    const known = loaded.get(split) ?? seen(split);
    loaded.set(split, known);
    return known;
  };
  return {
    ...attributesOf(dataset),
    rows: 1,
    columns: eye.columns,
    intensities: eye.intensities,
    ...seenAt(model, (other) => embedImages(dataset, other)),
    get train() {
      return once(dataset.train);
    },
    get test() {
      return once(dataset.test);
    },
    get validation() {
      return dataset.validation && once(dataset.validation);
    },
  };
}

/** A picture: bytes that identify it, and how to decode it. */
interface Source {
  readonly identity: Uint8Array;
  readonly use: (look: (frame: ImageFrame) => void) => void;
}

/** Encodes pictures, each once: results are cached on disk, by the hash of pictures, model and program. */
class Eye {
  readonly columns: number;
  readonly #model: EmbeddingModel;
  readonly #sha256: string;
  /** CPU time of all pictures [µs], and their number. */
  #time = 0;
  #count = 0;

  constructor(model: EmbeddingModel) {
    const { sha256, length } = backboneOf(model);
    this.#model = model;
    this.#sha256 = sha256;
    this.columns = 2 * length;
  }

  /** Description of the intensities; their cost is known once pictures were encoded. */
  get intensities(): NonNullable<Dataset['intensities']> {
    const sensors = [
      { name: 'image', encoding: 'embedding', inputs: this.columns, parameters: { 'embedding.sha256': this.#sha256 } },
    ];
    const mean = (): number => (this.#count > 0 ? Math.round(this.#time / this.#count) : 0);
    return {
      polarity: false,
      sensors,
      get work(): Readonly<FrontEndCounts> {
        return { ...noFrontEnd, frontEndMicroseconds: mean() };
      },
    };
  }

  /** Intensities of pictures, `columns` bytes each. A picture without contrast is silent: all zeros. */
  see(sources: readonly Source[]): Uint8Array {
    const hash = createHash('sha256').update(this.#sha256).update(encoders());
    for (const { identity } of sources) hash.update(String(identity.length)).update(identity);
    const file = join(cacheFolder(), `${hash.digest('hex')}.bin`);
    const known = readKnown(file, sources.length * this.columns);
    const { intensities, time } = known ?? this.#look(sources);
    if (known === undefined) keep(file, intensities, time);
    this.#time += time;
    this.#count += sources.length;
    return intensities;
  }

  #look(sources: readonly Source[]): Seen {
    const encoder = new EmbeddingEncoder([backboneOf(this.#model)], { maxPixels: mostPixels, maxDepth: 0 });
    const intensities = new Uint8Array(sources.length * this.columns);
    let time = 0;
    for (const [k, { use }] of sources.entries()) {
      use((frame) => {
        try {
          encoder.encode(frame, intensities.subarray(k * this.columns, (k + 1) * this.columns));
        } catch (error) {
          if (!(error instanceof Silence)) throw error;
        }
        time += encoder.work.frontEndMicroseconds;
      });
    }
    return { intensities, time };
  }
}

interface Seen {
  readonly intensities: Uint8Array;
  /** CPU time of encoding [µs]. */
  readonly time: number;
}

const cacheFolder = (): string => {
  const cache = process.env['XDG_CACHE_HOME'];
  return join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'topspark', 'embedded');
};

// The time is stored before the intensities.
function readKnown(file: string, length: number): Seen | undefined {
  try {
    const bytes = readFileSync(file);
    if (bytes.length !== 8 + length) return undefined;
    return { time: bytes.readDoubleLE(), intensities: new Uint8Array(bytes.subarray(8)) };
  } catch {
    return undefined;
  }
}

// A cache that cannot be written costs time, but is no error.
function keep(file: string, intensities: Uint8Array, time: number): void {
  const head = Buffer.alloc(8);
  head.writeDoubleLE(time);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, Buffer.concat([head, intensities]));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // the next run encodes the pictures again
  }
}

let known: string | undefined;

/** SHA-256 (hex) of the compiled encoders. */
function encoders(): string {
  if (known !== undefined) return known;
  const folder = fileURLToPath(new URL('dist/sensing/image/', pathToFileURL(programRoot)));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const hash = createHash('sha256');
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return (known = hash.digest('hex'));
}
