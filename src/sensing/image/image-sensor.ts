import { checkInteger, checkNumber, TopsparkError } from '../../base/errors.js';
import { checkFrame, type ImageFrame, type PixelFormat } from './image-frame.js';
import { colourFormats } from './colour-formats.js';
import { ContrastEncoder } from './contrast.js';
import { EdgeEncoder, flatGradient } from './edges.js';
import { LuminanceScaler, type Levels } from './luminance.js';
import { SceneEncoder } from './scene-encoder.js';
import { quoted } from '../../base/quoted.js';
import { flatBelow } from '../planes.js';
import { Silence } from '../refuse.js';
import {
  checked,
  choice,
  double,
  integer,
  limit,
  needsOneOf,
  text,
  where,
  whereGiven,
  type ParameterEntry,
  type ParameterValues,
} from '../../base/parameters.js';
import { backboneOf, backbonesOf, EmbeddingEncoder, type EmbeddingModel } from './embedding/embedding-encoder.js';
import { precisions, preparedSizes } from './embedding/prepared-models.js';
import { noFrontEnd, type FrontEndCounts } from '../../snn/operation-counts.js';
import type { SensorEncoder, SensorKind, ShownInputs } from '../sensor.js';

/** Names of the encodings from pixels to intensities. */
export const pixelEncodings = ['edges', 'scene', 'contrast', 'plain'] as const;

/** Name of the encoding by a pretrained network. */
export const embeddingEncoding = 'embedding';

/** Names of all image encodings, the default first. */
export const imageEncodings = [...pixelEncodings, embeddingEncoding] as const;

/**
 * `edges`: the direction of edges, four orientations for each cell of 2 × 2 pixels; `scene`: sixteen directions of
 * gradients, in colour, for each cell of 4 × 4 pixels; `contrast`: on and off deviation from the local mean, two channels
 * a pixel; `plain`: luminance as it is.
 */
export type ImageEncoding = (typeof pixelEncodings)[number];

/** Least and most pixels of a side after scaling. */
export const imageSides = [4, 128] as const;

/** Default limit of an image [pixel]. */
export const mostPixels = 2 ** 24;

/**
 * Reads black and white as two numbers from a parameter: `27315 31315`.
 *
 * @returns `undefined` where the text is empty
 * @throws {@link TopsparkError} `out_of_range` unless there are two numbers, the second greater
 */
export function readLevels(text: string): Levels | undefined {
  if (text.trim() === '') return undefined;
  const numbers = text
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [black, white] = numbers;
  if (numbers.length === 2 && white > black && Math.abs(black) <= 1e6 && Math.abs(white) <= 1e6)
    return { black, white };
  const expected = 'black and white as two numbers of -1000000..1000000, the second greater, such as 27315 31315';
  throw new TopsparkError('out_of_range', 'usage', `levels are ${quoted(text)}, expected ${expected}`);
}

/** Refuses a text that is not a pair of levels; see {@link readLevels}. */
function checkLevels(text: string): void {
  readLevels(text);
}

/** Options of an {@link ImageEncoder}. */
export interface ImageEncoderOptions {
  /** Size after scaling [pixel], each 4..128. */
  readonly width: number;
  readonly height: number;
  readonly encoding: ImageEncoding;
  /** Largest image that is accepted [pixel]; {@link mostPixels} by default. */
  readonly maxPixels?: number;
  /** Depth that counts as far [m], 0..1000, 10 by default; 0: no image is depth. */
  readonly maxDepth?: number;
  /** Black and white in images of 16 bits; by default the range of each picture. */
  readonly levels?: Levels | undefined;
}

/** Encodes images of any size as a fixed number of intensities 0..255. Copies no image. */
export class ImageEncoder {
  /** Shape of the intensities; an off plane follows the on plane. `edges` and `scene` have a single row. */
  readonly rows: number;
  readonly columns: number;
  /** How its inputs are shown; absent: `rows` × `columns` as they are. */
  readonly shown?: ShownInputs;
  /** Whether to invert a picture brighter than half on average; with two planes this is not needed. */
  readonly polarity: boolean;
  readonly #maxPixels: number;
  readonly #scaler: LuminanceScaler;
  /** Absent: luminance is used as it is. */
  readonly #code: PictureCode | undefined;

  /** @throws {@link TopsparkError} `out_of_range` naming the option and its bounds */
  constructor(options: ImageEncoderOptions) {
    const { width, height, encoding, maxPixels = mostPixels, maxDepth = 10, levels } = options;
    checkInteger('image.width', width, ...imageSides);
    checkInteger('image.height', height, ...imageSides);
    checkInteger('image.max_pixels', maxPixels, 1, 2 ** 30);
    checkNumber('image.max_depth', maxDepth, 0, 1000);
    this.#maxPixels = maxPixels;
    this.#scaler = new LuminanceScaler(width, height, { maxDepth, levels });
    this.#code = pictureCodes[encoding]?.(width, height);
    this.rows = this.#code?.rows ?? height;
    this.columns = this.#code?.columns ?? width;
    if (this.#code?.shown) this.shown = this.#code.shown;
    this.polarity = encoding === 'plain';
  }

  /** Cost of the last image after scaling; scaling is not counted. */
  get work(): Readonly<FrontEndCounts> {
    return this.#code?.work ?? noFrontEnd;
  }

  /**
   * @param into - `rows` × `columns` bytes
   * @throws {@link TopsparkError} `image_*` where header and body disagree, `image_flat` where there is nothing to see
   */
  encode(frame: ImageFrame, into: Uint8Array): void {
    const format = checkFrame(frame, this.#maxPixels);
    const code = this.#code;
    const colours = code && code.planes.length > 1 ? colourFormats(format) : undefined;
    if (colours)
      colours.forEach((one, k) => {
        this.#scaler.scale(frame, one, code?.planes[k] ?? into);
      });
    else this.#scaler.scale(frame, format, code?.planes[0] ?? into);
    const flat = code?.encode(into, colours !== undefined);
    if (flat !== undefined) throw new Silence('image_flat', `${flat}: nothing to see${this.#hint(format, code)}`);
  }

  /** A thermal image that is taken for depth seems too far everywhere. */
  #hint({ depth }: PixelFormat, code: PictureCode | undefined): string {
    const { maxDepth } = this.#scaler;
    if (depth === undefined || maxDepth === 0 || code?.planes[0].some((nearness) => nearness > 0)) return '';
    return `; no depth is within max_depth, ${maxDepth} m: if these images are not depth, set max_depth to 0`;
  }
}

/** Converts luminance to intensities. */
interface PictureCode {
  /** Shape of the intensities. */
  readonly rows: number;
  readonly columns: number;
  readonly shown?: ShownInputs;
  /** Where to write the luminance, one byte per pixel; where there are three, a picture in colour has one for each. */
  readonly planes: readonly Uint8Array[];
  /** Cost of the last picture. */
  readonly work: Readonly<FrontEndCounts>;
  /** Encodes the picture. @returns the reason if it is flat; `into` is then all zero */
  encode(into: Uint8Array, inColour: boolean): string | undefined;
}

const pictureCodes: Readonly<Partial<Record<ImageEncoding, (width: number, height: number) => PictureCode>>> = {
  contrast(width, height) {
    const contrast = new ContrastEncoder(width, height);
    const picture = new Uint8Array(width * height);
    return {
      rows: 2 * height,
      columns: width,
      planes: [picture],
      work: contrast.work,
      encode(into): string | undefined {
        const largest = contrast.encode(picture, into);
        if (largest >= flatBelow) return undefined;
        return `largest contrast is ${(100 * largest).toFixed(2)} %, expected at least ${100 * flatBelow} %`;
      },
    };
  },
  edges(width, height) {
    const edges = new EdgeEncoder(width, height);
    return {
      rows: 1,
      columns: edges.inputs,
      shown: edges.shown,
      planes: [edges.picture],
      get work() {
        return edges.work;
      },
      encode(into): string | undefined {
        return flatEdges(edges.encode(into));
      },
    };
  },
  scene(width, height) {
    const scene = new SceneEncoder(width, height);
    return {
      rows: 1,
      columns: scene.inputs,
      shown: scene.shown,
      planes: scene.planes,
      get work() {
        return scene.work;
      },
      encode(into, inColour): string | undefined {
        return flatEdges(scene.encode(inColour ? 3 : 1, into));
      },
    };
  },
};

function flatEdges(steepest: number): string | undefined {
  if (steepest >= flatGradient) return undefined;
  const levels = (gradient: number): string => `${gradient / 4} grey levels from pixel to pixel`;
  return `steepest edge is ${levels(steepest)}, expected at least ${levels(flatGradient)}`;
}

/** The fields of sensor_msgs/Image that are read. */
export interface ImageMessage {
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  readonly is_bigendian: number;
  readonly step: number;
  readonly data: ArrayLike<number>;
}

/** Parameters of every sensor that sends pictures. */
export const pictureParameters: readonly ParameterEntry[] = [
  integer('width', 28, [4, 128], 'width to which an image is brought before encoding [pixel]'),
  integer('height', 28, [4, 128], 'height to which an image is brought before encoding [pixel]'),
  limit(integer('max_pixels', mostPixels, [1, 2 ** 30], 'larger images are refused [pixel]')),
  double(
    'max_depth',
    10,
    [0, 1000],
    'read-only',
    'depth that counts as far in depth images [m]; 0: 16UC1 and 32FC1 are light',
  ),
  whereGiven(
    checked(
      'levels',
      '',
      checkLevels,
      'read-only',
      'values that are black and white in images of 16 bits; empty: each picture’s own range',
    ),
  ),
  ...where(needsOneOf('encoding', [embeddingEncoding]), [
    // The model's content counts, not its name, so its hash is compared (see `pictureIdentity`).
    limit(
      text('embedding.model', '', 'an ONNX file that takes a picture and gives a vector; empty: the prepared model'),
    ),
    limit(
      integer(
        'embedding.size',
        224,
        [96, 224],
        'largest side of the picture for the prepared model: 224, 160 or 96 [pixel]; an operating point may use less',
      ),
    ),
    limit(
      choice(
        'embedding.precision',
        'float32',
        precisions,
        'read-only',
        'numbers in which the prepared model calculates: int8 takes about half the time',
      ),
    ),
  ]),
];

/** Choice of the model by the parameters. */
function embeddingModel(values: ParameterValues): EmbeddingModel {
  const [model, size] = [values.text('embedding.model'), values.number('embedding.size')];
  if (model === '' && preparedSizes.every((each) => each !== size)) {
    const message = `embedding.size is ${size}, expected one of ${preparedSizes.join(', ')}`;
    throw new TopsparkError('out_of_range', 'usage', message);
  }
  const numbers = values.text('embedding.precision');
  const precision = precisions.find((each) => each === numbers);
  if (model !== '' && precision !== 'float32') {
    const message = `embedding.precision is ${numbers} with the file ${model}, expected it for the prepared model alone`;
    throw new TopsparkError('bad_combination', 'usage', message);
  }
  return { model, size, ...(precision && { precision }) };
}

/** What the encoding depends on besides parameters: the model of `embedding`, by its hash. */
export function pictureIdentity(values: ParameterValues): Readonly<Record<string, string>> {
  if (values.text('encoding') !== embeddingEncoding) return {};
  return { 'embedding.sha256': backboneOf(embeddingModel(values)).sha256 };
}

/** Options of a picture encoder from {@link pictureParameters}. */
function pictureOptions(values: ParameterValues): ImageEncoderOptions {
  const encoding = values.text('encoding');
  return {
    width: values.number('width'),
    height: values.number('height'),
    // Changes in time are encoded from plain luminance.
    encoding: pixelEncodings.find((name) => name === encoding) ?? 'plain',
    maxPixels: values.number('max_pixels'),
    maxDepth: values.number('max_depth'),
    levels: readLevels(values.text('levels')),
  };
}

/** Converts a message to an image for an encoder; pixels are neither copied nor read. */
export function imageFrame(message: ImageMessage): ImageFrame {
  const { width, height, encoding, step, data } = message;
  const bytes = data instanceof Uint8Array ? data : Uint8Array.from(data);
  return { width, height, encoding, bigEndian: message.is_bigendian !== 0, step, data: bytes };
}

/**
 * Makes an encoder of pictures.
 *
 * @param frame - returns the picture of a message
 */
export function pictureEncoder<Message extends object>(
  values: ParameterValues,
  frame: (message: Message) => ImageFrame,
): SensorEncoder<Message> {
  if (values.text('encoding') === embeddingEncoding) return embeddingEncoder(values, frame);
  const options = pictureOptions(values);
  const encoder = new ImageEncoder(options);
  const { rows, columns, polarity, shown } = encoder;
  const frames = new LastFrame(frame);
  return {
    ...{ rows, columns, polarity, sketch: pictureSketch(options, frames), ...(shown && { shown }) },
    get work() {
      return encoder.work;
    },
    encode: (message, into) => {
      encoder.encode(frames.take(message), into);
    },
  };
}

/** Frames of messages, each made once. A compressed picture is used for its sketch and then for its intensities. */
class LastFrame<Message extends object> {
  #last: { readonly message: Message; readonly frame: ImageFrame } | undefined;

  constructor(readonly frame: (message: Message) => ImageFrame) {}

  /** Returns the frame of a message that will be used again. */
  of(message: Message): ImageFrame {
    if (this.#last?.message !== message) this.#last = { message, frame: this.frame(message) };
    return this.#last.frame;
  }

  /** Returns the frame of a message at its last use. */
  take(message: Message): ImageFrame {
    const frame = this.of(message);
    this.#last = undefined;
    return frame;
  }
}

/** Longer side of a sketch [pixel]: each cell averages a thousand pixels of a camera, which removes noise. */
const sketchSide = 16;

/** Sketches the light of a picture in a few cells, cropped as in its encoder. */
function pictureSketch<Message extends object>(
  { width, height, maxPixels = mostPixels, maxDepth = 10, levels }: Omit<ImageEncoderOptions, 'encoding'>,
  frames: LastFrame<Message>,
): NonNullable<SensorEncoder<Message>['sketch']> {
  const cells = (side: number): number => Math.max(1, Math.round((sketchSide * side) / Math.max(width, height)));
  const scaler = new LuminanceScaler(cells(width), cells(height), { maxDepth, levels });
  return {
    length: scaler.width * scaler.height,
    write: (message, into) => {
      const frame = frames.of(message);
      scaler.scale(frame, checkFrame(frame, maxPixels), into);
    },
  };
}

function embeddingEncoder<Message extends object>(
  values: ParameterValues,
  frame: (message: Message) => ImageFrame,
): SensorEncoder<Message> {
  const limits = { maxPixels: values.number('max_pixels'), maxDepth: values.number('max_depth') };
  const encoder = new EmbeddingEncoder(backbonesOf(embeddingModel(values)), limits);
  const { rows, columns, sights } = encoder;
  const [{ resolution: size }] = sights;
  const frames = new LastFrame(frame);
  return {
    ...{ rows, columns, polarity: false, features: { signed: true } },
    sketch: pictureSketch({ ...limits, width: size, height: size }, frames),
    get work() {
      return encoder.work;
    },
    // A model of the user's has one resolution: there is no choice.
    ...(values.text('embedding.model') === '' && { sights }),
    lookAt: (resolution) => {
      encoder.lookAt(resolution);
    },
    begin: (message) => encoder.begin(frames.of(message)),
    encode: (message, into) => {
      encoder.encode(frames.take(message), into);
    },
  };
}

/** A camera: sensor_msgs/Image. */
export const image: SensorKind = {
  name: 'image',
  shows: 'picture',
  topic: 'image',
  type: 'sensor_msgs/msg/Image',
  encodings: imageEncodings,
  parameters: pictureParameters,
  identity: pictureIdentity,
  create(values): SensorEncoder<ImageMessage> {
    return pictureEncoder(values, imageFrame);
  },
};
