import { reasonOf } from '../../../base/errors.js';
import { checkFrame, type ImageFrame } from '../image-frame.js';
import { refuse, Silence } from '../../refuse.js';
import { writeSignedRows } from '../../signed-rows.js';
import { noFrontEnd, type FrontEndCounts } from '../../../snn/operation-counts.js';
import { Look, openBackbone, type Backbone } from './backbone.js';
import { ColourPlanes } from './colour-planes.js';
import { preparedModel, preparedSizes, type Precision } from './prepared-models.js';
import { sightAt, type Sight } from '../../sensor.js';

/** Choice of the model. */
export interface EmbeddingModel {
  /** An ONNX file; empty: the one that `topspark embedding prepare` made for `size`. */
  readonly model: string;
  /** Largest side of the picture for a prepared model [pixel]; a named file has its own. */
  readonly size: number;
  /** Numbers in which a prepared model calculates; `float32` where absent. */
  readonly precision?: Precision;
}

/** Limits of images. */
export interface EmbeddingLimits {
  readonly maxPixels: number;
  /** Depth that counts as far [m]. */
  readonly maxDepth: number;
}

/** Loads the chosen model at its full resolution. */
export function backboneOf({ model, size, precision }: EmbeddingModel): Backbone {
  if (model !== '') return openBackbone(model, 'an ONNX file with a picture in and a vector out');
  const file = preparedModel(size, precision);
  return openBackbone(file, '`topspark embedding prepare` to have made it, by the user who runs this');
}

/** Loads the chosen models, the largest resolution first: a file of the user's, or the prepared models up to `size`. */
export function backbonesOf(choice: EmbeddingModel): readonly Backbone[] {
  if (choice.model !== '') return [backboneOf(choice)];
  return preparedSizes.filter((each) => each <= choice.size).map((size) => backboneOf({ ...choice, size }));
}

/**
 * Encodes a picture by a pretrained network: its vector is written as signed rows. The vector is used as it is; a
 * prepared model subtracts its mean itself.
 */
export class EmbeddingEncoder {
  readonly rows = 1;
  readonly columns: number;
  /** Each model with the square of its picture, the largest first. */
  readonly #eyes: readonly { readonly look: Look; readonly planes: ColourPlanes }[];
  readonly #limits: EmbeddingLimits;
  /** Index of the model for the next image. */
  #next = 0;
  /** The model that is processing an image, and the image. */
  #begun: { readonly look: Look; readonly frame: ImageFrame } | undefined;
  #work: Readonly<FrontEndCounts> = noFrontEnd;

  /** @param backbones - at least one, of vectors of one length; the largest resolution first */
  constructor(backbones: readonly Backbone[], limits: EmbeddingLimits) {
    this.#eyes = backbones.map((backbone) => {
      return { look: new Look(backbone), planes: new ColourPlanes(backbone.size, limits.maxDepth) };
    });
    this.#limits = limits;
    this.columns = 2 * backbones[0].length;
  }

  /** The available resolutions, and the CPU time of a picture at each when its model was loaded; the largest first. */
  get sights(): readonly Sight[] {
    return this.#eyes.map(({ look: { backbone } }) => ({ resolution: backbone.size, microseconds: backbone.cpuTime }));
  }

  /** Sets the largest resolution from the next image on [pixel]; without one so small the smallest is used. */
  lookAt(resolution: number): void {
    const { sights } = this;
    const sight = sightAt(sights, resolution);
    this.#next = sights.findIndex((each) => each.resolution === sight?.resolution);
  }

  /** Cost of the last image: CPU time of the model. */
  get work(): Readonly<FrontEndCounts> {
    return this.#work;
  }

  /**
   * Begins to encode an image; {@link EmbeddingEncoder.encode} of the same image continues.
   *
   * @returns settles when that would not wait
   * @throws {@link TopsparkError} `image_*` where header and body disagree
   */
  begin(frame: ImageFrame): Promise<void> {
    const format = checkFrame(frame, this.#limits.maxPixels);
    this.#begun = undefined;
    const { look, planes } = this.#eyes[this.#next];
    tried(() => look.settle());
    planes.scale(frame, format, look.picture);
    const seen = tried(() => look.begin());
    this.#begun = { look, frame };
    return seen;
  }

  /**
   * @param into - `columns` bytes
   * @throws {@link TopsparkError} as {@link EmbeddingEncoder.begin}; `image_embedding` where the model fails on it
   */
  encode(frame: ImageFrame, into: Uint8Array): void {
    this.#work = noFrontEnd;
    if (this.#begun?.frame !== frame) void this.begin(frame);
    const look = this.#begun?.look ?? this.#eyes[this.#next].look;
    this.#begun = undefined;
    const vector = tried(() => look.finish());
    this.#work = { ...noFrontEnd, frontEndMicroseconds: Math.round(look.cpuTime) };
    let largest = 0;
    for (const value of vector) largest = Math.max(largest, Math.abs(value));
    // Written so that NaN fails it.
    if (!(largest < Infinity)) refuse('image_embedding', 'the model made a vector that is not finite of this image');
    if (largest === 0) throw new Silence('image_flat', 'all numbers of the vector are 0: nothing to see');
    writeSignedRows(vector, largest, into);
  }
}

/** Runs `step`; an exception is a fault of the model. */
function tried<Out>(step: () => Out): Out {
  try {
    return step();
  } catch (error) {
    return refuse('image_embedding', `the model failed on this image: ${reasonOf(error)}`);
  }
}
