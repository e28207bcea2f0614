import { TopsparkError } from '../../base/errors.js';
import { instantiateKernel, type Kernel } from '../../snn/kernel-module.js';
import { noFrontEnd, type FrontEndCounts } from '../../snn/operation-counts.js';
import { hilbertScan } from '../../snn/lean/hilbert-scan.js';
import type { ShownInputs } from '../sensor.js';

/** Largest Sobel gradient |g_x| + |g_y| under which a picture is flat: that of a step of five grey levels. */
export const flatGradient = 20;

/**
 * Orientation columns: which way edges run in cells of 2 × 2 pixels, four orientations, the two strongest of each cell,
 * relative to the strength of the edges around. The kernel's orientation-columns.ts holds the equations. Four planes (upright, rising,
 * lying, falling edges) of ⌈height / 2⌉ × ⌈width / 2⌉ bytes, each along the Hilbert curve of its cells. An inverted, veiled or
 * dim scene gives the same picture as a clean one, but for rounding where it is dim.
 */
export class EdgeEncoder {
  /** The picture, a byte a pixel, row by row: to be filled before {@link EdgeEncoder.encode}. */
  readonly picture: Uint8Array;
  /** Bytes that are written: four for each cell. */
  readonly inputs: number;
  /** How the inputs are looked at: the four directions of a cell as one. */
  readonly shown: ShownInputs;
  readonly #kernel: Kernel;
  readonly #intensities: Uint8Array;
  readonly #steepest: ReturnType<Kernel['global']>;
  readonly #additions: ReturnType<Kernel['global']>;
  readonly #divisions: ReturnType<Kernel['global']>;

  /**
   * @param width - columns of the picture [pixel]
   * @param height - rows [pixel]; of an odd side the last row or column counts twice
   * @throws {@link TopsparkError} `memory` where the machine has not enough for such a picture
   */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    const [rows, columns] = [(height + 1) >> 1, (width + 1) >> 1];
    this.inputs = 4 * rows * columns;
    this.#kernel = instantiateKernel();
    // First, since it tells where the kernel is an older one.
    this.#steepest = this.#kernel.global('steepest');
    if (this.#kernel.call.createEdges(width, height) === 0) {
      throw new TopsparkError('memory', 'environment', `no memory for pictures of ${width}×${height} pixels`);
    }
    const scan = hilbertScan(rows, columns);
    this.shown = { rows, columns, cells: Uint16Array.from({ length: this.inputs }, (_, i) => scan[i % scan.length]) };
    this.#kernel.view(Uint16Array, 'edgeScan', rows * columns).set(scan);
    this.#kernel.call.prepareEdges();
    this.picture = this.#kernel.view(Uint8Array, 'edgePicture', width * height);
    this.#intensities = this.#kernel.view(Uint8Array, 'edgeIntensities', this.inputs);
    this.#additions = this.#kernel.global('edgeAdditions');
    this.#divisions = this.#kernel.global('edgeDivisions');
  }

  /**
   * Encodes {@link EdgeEncoder.picture}.
   *
   * @param into - {@link EdgeEncoder.inputs} bytes
   * @returns the largest gradient; under {@link flatGradient} `into` is all zero
   */
  encode(into: Uint8Array): number {
    this.#kernel.call.encodeEdges();
    into.set(this.#intensities);
    return this.#steepest.value;
  }

  /** What the last picture took, counted as a scalar program does it. */
  get work(): FrontEndCounts {
    return { ...noFrontEnd, frontEndAdditions: this.#additions.value, frontEndDivisions: this.#divisions.value };
  }
}
