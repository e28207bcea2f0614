import { reasonOf } from '../../../base/errors.js';
import { checkFrame, type ImageFrame } from '../image-frame.js';
import { refuse, Silence } from '../../refuse.js';
import { writeSignedRows } from '../../signed-rows.js';
import { noFrontEnd, type FrontEndCounts } from '../../../snn/operation-counts.js';
import { Look, openBackbone, type Backbone } from './backbone.js';
import { ColourPlanes } from './colour-planes.js';
import { preparedModel } from './prepared-models.js';

/** Which model sees the pictures. */
export interface EmbeddingModel {
  /** An ONNX file; empty: the one that `topspark embedding prepare` made for `size`. */
  readonly model: string;
  /** Side of the picture of a made model [pixel]; one that is named has its own. */
  readonly size: number;
}

/** Which images it takes. */
export interface EmbeddingLimits {
  readonly maxPixels: number;
  /** Depth that counts as far [m]. */
  readonly maxDepth: number;
}

/** The model that is meant, loaded. */
export function backboneOf({ model, size }: EmbeddingModel): Backbone {
  if (model !== '') return openBackbone(model, 'an ONNX file with a picture in and a vector out');
  return openBackbone(preparedModel(size), '`topspark embedding prepare` to have made it, by the user who runs this');
}

/**
 * Sees a picture through a pretrained network: its vector is written as signed rows. The vector is taken as it is; a model
 * that is named takes off its mean by itself.
 */
export class EmbeddingEncoder {
  readonly rows = 1;
  readonly columns: number;
  readonly #look: Look;
  readonly #planes: ColourPlanes;
  readonly #limits: EmbeddingLimits;
  /** The image at which the model looks. */
  #begun: ImageFrame | undefined;
  #work: Readonly<FrontEndCounts> = noFrontEnd;

  /** @throws TopsparkError `embedding_runtime`, `embedding_model` */
  constructor(model: EmbeddingModel, limits: EmbeddingLimits) {
    const backbone = backboneOf(model);
    this.#look = new Look(backbone);
    this.#planes = new ColourPlanes(backbone.size, limits.maxDepth);
    this.#limits = limits;
    this.columns = 2 * backbone.length;
  }

  /** Side of the picture that the model sees [pixel]. */
  get size(): number {
    return this.#planes.size;
  }

  /** What the last image took: CPU time of the model. */
  get work(): Readonly<FrontEndCounts> {
    return this.#work;
  }

  /**
   * Begins to look at an image; {@link EmbeddingEncoder.encode} of the same goes on with it.
   *
   * @returns settles when that would not wait
   * @throws {@link TopsparkError} `image_*` where header and body disagree
   */
  begin(frame: ImageFrame): Promise<void> {
    const format = checkFrame(frame, this.#limits.maxPixels);
    this.#begun = undefined;
    const look = this.#look;
    tried(() => {
      look.settle();
    });
    this.#planes.scale(frame, format, look.picture);
    const seen = tried(() => look.begin());
    this.#begun = frame;
    return seen;
  }

  /**
   * @param into - `columns` bytes
   * @throws {@link TopsparkError} as {@link EmbeddingEncoder.begin}; `image_embedding` where the model makes nothing of it
   */
  encode(frame: ImageFrame, into: Uint8Array): void {
    this.#work = noFrontEnd;
    if (this.#begun !== frame) void this.begin(frame);
    this.#begun = undefined;
    const vector = tried(() => this.#look.finish());
    this.#work = { ...noFrontEnd, frontEndMicroseconds: Math.round(this.#look.cpuTime) };
    let largest = 0;
    for (const value of vector) largest = Math.max(largest, Math.abs(value));
    // Written so that NaN fails it.
    if (!(largest < Infinity)) refuse('image_embedding', 'the model made a vector that is not finite of this image');
    if (largest === 0) throw new Silence('image_flat', 'all numbers of the vector are 0: nothing to see');
    writeSignedRows(vector, largest, into);
  }
}

/** What `step` returns; what it throws is the model's fault. */
function tried<Out>(step: () => Out): Out {
  try {
    return step();
  } catch (error) {
    return refuse('image_embedding', `the model failed on this image: ${reasonOf(error)}`);
  }
}
