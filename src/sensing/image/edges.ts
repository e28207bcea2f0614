import { TopsparkError } from '../../base/errors.js';
import { instantiateKernel, type Kernel } from '../../snn/kernel-module.js';
import type { FrontEndCounts } from '../../snn/operation-counts.js';
import { hilbertScan } from '../../snn/lean/hilbert-scan.js';
import type { ShownInputs } from '../sensor.js';

/** A picture is flat below this largest Sobel gradient |g_x| + |g_y|: the gradient of a step of five grey levels. */
export const flatGradient = 20;

/**
 * Orientation columns: the direction of edges in cells of 2 × 2 pixels. There are four orientations; the two strongest
 * of each cell count, relative to the strength of the edges around it. The equations are in the kernel's
 * orientation-columns.ts. Four planes (upright, rising, lying, falling edges) have ⌈height / 2⌉ × ⌈width / 2⌉ bytes
 * each, along the Hilbert curve of the cells. An inverted, veiled or dim scene gives the same result as a clean one,
 * apart from rounding in dim ones.
 */
export class EdgeEncoder {
  /** The picture, one byte per pixel, row by row; fill it before {@link EdgeEncoder.encode}. */
  readonly picture: Uint8Array;
  /** Number of bytes written: four for each cell. */
  readonly inputs: number;
  /** How the inputs are shown: the four directions of a cell as one cell of the picture. */
  readonly shown: ShownInputs;
  readonly #kernel: Kernel;
  readonly #intensities: Uint8Array;
  readonly #steepest: ReturnType<Kernel['global']>;
  readonly #additions: ReturnType<Kernel['global']>;
  readonly #divisions: ReturnType<Kernel['global']>;

  /**
   * @param width - columns of the picture [pixel]
   * @param height - rows [pixel]; with an odd side the last row or column counts twice
   * @throws {@link TopsparkError} `memory` where there is not enough memory for such a picture
   */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    const [rows, columns] = [(height + 1) >> 1, (width + 1) >> 1];
    this.inputs = 4 * rows * columns;
    this.#kernel = instantiateKernel();
    // Read first, because it detects an outdated kernel.
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

  /** Cost of the last picture, counted as in a scalar program. */
  get work(): FrontEndCounts {
    // Without object spread, since it runs for every picture.
    return {
      frontEndAdditions: this.#additions.value,
      frontEndDivisions: this.#divisions.value,
      frontEndMicroseconds: 0,
    };
  }
}
