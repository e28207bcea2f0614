import { reserveKernel, type Kernel, type KernelFunctions } from '../../snn/kernel-module.js';
import type { FrontEndCounts } from '../../snn/operation-counts.js';
import { hilbertScan } from '../../snn/lean/hilbert-scan.js';
import type { ShownInputs } from '../sensor.js';

/** How an encoder of the kernel divides a picture. */
export interface DirectionLayout {
  /** Columns and rows of the picture [pixel]. */
  readonly width: number;
  readonly height: number;
  /** Side of a cell [pixel]; where a side of the picture is no multiple of it, the last pixels count again. */
  readonly cell: number;
  /** Directions of a cell: planes of the result. */
  readonly directions: number;
  /** First word of the names of its globals in the kernel. */
  readonly names: 'edge' | 'scene';
}

/**
 * Directions of gradients in the cells of a picture, computed by the kernel: a plane for each direction, with its cells
 * along a Hilbert curve. {@link EdgeEncoder} and {@link SceneEncoder} are the two.
 */
export abstract class DirectionPlanes {
  /** Number of bytes written: one for each direction of each cell. */
  readonly inputs: number;
  /** How the inputs are shown: the directions of a cell as one cell of the picture. */
  readonly shown: ShownInputs;
  protected readonly kernel: Kernel;
  readonly #intensities: Uint8Array;
  readonly #steepest: ReturnType<Kernel['global']>;
  readonly #additions: ReturnType<Kernel['global']>;
  readonly #divisions: ReturnType<Kernel['global']>;

  /**
   * @param create - reserves the kernel's memory; 0: there is not enough
   * @throws {@link TopsparkError} `memory` where there is not enough memory for such a picture
   */
  protected constructor(layout: DirectionLayout, create: (call: KernelFunctions) => number) {
    const { width, height, cell, directions, names } = layout;
    const [rows, columns] = [Math.ceil(height / cell), Math.ceil(width / cell)];
    this.inputs = directions * rows * columns;
    this.kernel = reserveKernel(`${names}Steepest`, `pictures of ${width}×${height} pixels`, create);
    const scan = hilbertScan(rows, columns);
    this.shown = { rows, columns, cells: Uint16Array.from({ length: this.inputs }, (_, i) => scan[i % scan.length]) };
    this.kernel.view(Uint16Array, `${names}Scan`, rows * columns).set(scan);
    this.#intensities = this.kernel.view(Uint8Array, `${names}Intensities`, this.inputs);
    this.#steepest = this.kernel.global(`${names}Steepest`);
    this.#additions = this.kernel.global(`${names}Additions`);
    this.#divisions = this.kernel.global(`${names}Divisions`);
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

  /** Copies what the kernel has made of a picture; returns its largest gradient. */
  protected copy(into: Uint8Array): number {
    into.set(this.#intensities);
    return this.#steepest.value;
  }
}
