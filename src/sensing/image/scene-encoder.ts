import { DirectionPlanes } from './direction-planes.js';

/**
 * Directions of gradients in cells of 4 × 4 pixels, for cameras that look at rooms and things. There are sixteen
 * directions, distinguished by which side is brighter; the four strongest of each cell count, relative to the strength of
 * the gradients around it. Of a picture in colour each pixel shows the steepest of red, green and blue. The equations
 * are in the kernel's gradient-directions.ts. Sixteen planes have ⌈height / 4⌉ × ⌈width / 4⌉ bytes each, along the
 * Hilbert curve of the cells.
 */
export class SceneEncoder extends DirectionPlanes {
  /** Grey, or red, green and blue, one byte per pixel, row by row; fill it before {@link SceneEncoder.encode}. */
  readonly planes: readonly Uint8Array[];

  /**
   * @param width - columns of the picture [pixel]
   * @param height - rows [pixel]; where a side is no multiple of 4, its last row or column is repeated
   * @throws {@link TopsparkError} `memory` where there is not enough memory for such a picture
   */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    const layout = { width, height, cell: 4, directions: 16, names: 'scene' } as const;
    super(layout, (call) => call.createScene(width, height));
    const picture = this.kernel.view(Uint8Array, 'scenePicture', 3 * width * height);
    this.planes = [0, 1, 2].map((k) => picture.subarray(k * width * height, (k + 1) * width * height));
  }

  /**
   * Encodes the first of {@link SceneEncoder.planes}, or all of them.
   *
   * @param planes - 1: the picture is grey; 3: red, green and blue
   * @param into - `inputs` bytes
   * @returns the largest gradient; under `flatGradient` `into` is all zero
   */
  encode(planes: 1 | 3, into: Uint8Array): number {
    this.kernel.call.encodeScene(planes);
    return this.copy(into);
  }
}
