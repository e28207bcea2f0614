import { TopsparkError } from '../../base/errors.js';
import { instantiateKernel, type Kernel } from '../../snn/kernel-module.js';
import type { FrontEndCounts } from '../../snn/operation-counts.js';
import { hilbertScan } from '../../snn/lean/hilbert-scan.js';
import type { ShownInputs } from '../sensor.js';

/** Directions of a cell. */
const directions = 16;

/**
 * Directions of gradients in cells of 4 × 4 pixels, for cameras that look at rooms and things. There are sixteen
 * directions, distinguished by which side is brighter; the four strongest of each cell count, relative to the strength of
 * the gradients around it. Of a picture in colour each pixel shows the steepest of red, green and blue. The equations
 * are in the kernel's gradient-directions.ts. Sixteen planes have ⌈height / 4⌉ × ⌈width / 4⌉ bytes each, along the
 * Hilbert curve of the cells.
 */
export class SceneEncoder {
  /** Grey, or red, green and blue, one byte per pixel, row by row; fill it before {@link SceneEncoder.encode}. */
  readonly planes: readonly Uint8Array[];
  /** Number of bytes written: sixteen for each cell. */
  readonly inputs: number;
  /** How the inputs are shown: the sixteen directions of a cell as one cell of the picture. */
  readonly shown: ShownInputs;
  readonly #kernel: Kernel;
  readonly #intensities: Uint8Array;
  readonly #steepest: ReturnType<Kernel['global']>;
  readonly #additions: ReturnType<Kernel['global']>;
  readonly #divisions: ReturnType<Kernel['global']>;

  /**
   * @param width - columns of the picture [pixel]
   * @param height - rows [pixel]; where a side is no multiple of 4, its last row or column is repeated
   * @throws {@link TopsparkError} `memory` where there is not enough memory for such a picture
   */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    const [rows, columns] = [(height + 3) >> 2, (width + 3) >> 2];
    this.inputs = directions * rows * columns;
    this.#kernel = instantiateKernel();
    // Read first, because it detects an outdated kernel.
    this.#steepest = this.#kernel.global('sceneSteepest');
    if (this.#kernel.call.createScene(width, height) === 0) {
      throw new TopsparkError('memory', 'environment', `no memory for pictures of ${width}×${height} pixels`);
    }
    const scan = hilbertScan(rows, columns);
    this.shown = { rows, columns, cells: Uint16Array.from({ length: this.inputs }, (_, i) => scan[i % scan.length]) };
    this.#kernel.view(Uint16Array, 'sceneScan', rows * columns).set(scan);
    const picture = this.#kernel.view(Uint8Array, 'scenePicture', 3 * width * height);
    this.planes = [0, 1, 2].map((k) => picture.subarray(k * width * height, (k + 1) * width * height));
    this.#intensities = this.#kernel.view(Uint8Array, 'sceneIntensities', this.inputs);
    this.#additions = this.#kernel.global('sceneAdditions');
    this.#divisions = this.#kernel.global('sceneDivisions');
  }

  /**
   * Encodes the first of {@link SceneEncoder.planes}, or all of them.
   *
   * @param planes - 1: the picture is grey; 3: red, green and blue
   * @param into - {@link SceneEncoder.inputs} bytes
   * @returns the largest gradient; under `flatGradient` `into` is all zero
   */
  encode(planes: 1 | 3, into: Uint8Array): number {
    this.#kernel.call.encodeScene(planes);
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
