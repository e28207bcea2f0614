import { DirectionPlanes } from './direction-planes.js';

/** A picture is flat below this largest Sobel gradient |g_x| + |g_y|: the gradient of a step of five grey levels. */
export const flatGradient = 20;

/**
 * Orientation columns: the direction of edges in cells of 2 × 2 pixels. There are four orientations; the two strongest
 * of each cell count, relative to the strength of the edges around it. The equations are in the kernel's
 * orientation-columns.ts. Four planes (upright, rising, lying, falling edges) have ⌈height / 2⌉ × ⌈width / 2⌉ bytes
 * each, along the Hilbert curve of the cells. An inverted, veiled or dim scene gives the same result as a clean one,
 * apart from rounding in dim ones.
 */
export class EdgeEncoder extends DirectionPlanes {
  /** The picture, one byte per pixel, row by row; fill it before {@link EdgeEncoder.encode}. */
  readonly picture: Uint8Array;

  /**
   * @param width - columns of the picture [pixel]
   * @param height - rows [pixel]; with an odd side the last row or column counts twice
   * @throws {@link TopsparkError} `memory` where there is not enough memory for such a picture
   */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    const layout = { width, height, cell: 2, directions: 4, names: 'edge' } as const;
    super(layout, (call) => call.createEdges(width, height));
    this.kernel.call.prepareEdges();
    this.picture = this.kernel.view(Uint8Array, 'edgePicture', width * height);
  }

  /**
   * Encodes {@link EdgeEncoder.picture}.
   *
   * @param into - `inputs` bytes
   * @returns the largest gradient; under {@link flatGradient} `into` is all zero
   */
  encode(into: Uint8Array): number {
    this.kernel.call.encodeEdges();
    return this.copy(into);
  }
}
