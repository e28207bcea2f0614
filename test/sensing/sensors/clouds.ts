import type { PointCloudMessage } from '../../../src/sensing/range/point-cloud.js';

/** x, y, z [m]. */
export type Point = readonly [number, number, number];

/** A sensor_msgs/PointCloud2; points are laid out in `height` rows. */
export function cloud(
  points: readonly Point[],
  { bigEndian = false, double = false, pointStep = 24, rowPadding = 0, height = 1 } = {},
): PointCloudMessage {
  const width = points.length / height;
  const size = double ? 8 : 4;
  const rowStep = width * pointStep + rowPadding;
  const view = new DataView(new ArrayBuffer(rowStep * height));
  points.forEach((point, index) => {
    const at = Math.floor(index / width) * rowStep + (index % width) * pointStep;
    point.forEach((value, axis) => {
      if (double) view.setFloat64(at + axis * size, value, !bigEndian);
      else view.setFloat32(at + axis * size, value, !bigEndian);
    });
  });
  const fields = ['x', 'y', 'z'].map((name, axis) => ({ name, offset: axis * size, datatype: double ? 8 : 7 }));
  const data = new Uint8Array(view.buffer);
  return { height, width, fields, is_bigendian: bigEndian, point_step: pointStep, row_step: rowStep, data };
}
