/** An image as a driver sends it; the fields and their meaning are those of sensor_msgs/Image. */
export interface ImageFrame {
  /** Columns [pixel]. */
  readonly width: number;
  /** Rows [pixel]. */
  readonly height: number;
  /** Pixel format: `mono8`, `rgb8`, `bgr8`, … */
  readonly encoding: string;
  /** True when samples wider than a byte have their most significant byte first. */
  readonly bigEndian: boolean;
  /** Length of a row with its padding [byte]. */
  readonly step: number;
  /** Pixels, `height` × `step` bytes. */
  readonly data: Uint8Array;
}
