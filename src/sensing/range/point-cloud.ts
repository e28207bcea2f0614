import { viewOf } from '../../base/bytes.js';
import { quoted } from '../../base/quoted.js';
import { refuse, Silence } from '../refuse.js';

/** sensor_msgs/PointField. */
export interface PointField {
  readonly name: string;
  readonly offset: number;
  readonly datatype: number;
}

/** The fields of sensor_msgs/PointCloud2 that are read. */
export interface PointCloudMessage {
  readonly height: number;
  readonly width: number;
  readonly fields: readonly PointField[];
  readonly is_bigendian: boolean;
  readonly point_step: number;
  readonly row_step: number;
  readonly data: ArrayLike<number>;
}

/** A cloud whose header and body agree. */
export interface PointCloud {
  readonly width: number;
  readonly height: number;
  readonly pointStep: number;
  readonly rowStep: number;
  readonly data: Uint8Array;
  /** Reads coordinate x, y or z of the point at a byte offset. */
  readonly read: readonly [Coordinate, Coordinate, Coordinate];
  /** How all coordinates are stored, lowest byte first: the usual case; `undefined`: otherwise. */
  readonly layout: PointLayout | undefined;
}

/** Bytes from the first byte of a point to its x, y and z, which are float32, or float64 where `wide`. */
export interface PointLayout {
  readonly offsets: readonly [number, number, number];
  readonly wide: boolean;
}

type Coordinate = (at: number) => number;

/** Sizes of coordinate types, by PointField.datatype. */
const sizes: Readonly<Record<number, number>> = { 7: 4, 8: 8 };

/**
 * Checks a cloud before its points are read.
 *
 * @param maxPoints - larger clouds are refused, whatever their body contains
 * @throws {@link TopsparkError} `points_*`, {@link Silence} `points_empty`
 */
export function checkCloud(message: PointCloudMessage, maxPoints: number): PointCloud {
  const { width, height, point_step: pointStep, row_step: rowStep, is_bigendian: bigEndian } = message;
  const points = width * height;
  // A filter may remove every point.
  if (points === 0) throw new Silence('points_empty', `cloud has ${width}×${height} points: nothing to see`);
  if (points > maxPoints) refuse('points_too_large', `cloud has ${points} points, expected at most ${maxPoints}`);
  const found = ['x', 'y', 'z'].map((name) => message.fields.find((field) => field.name === name));
  const fits = (field: PointField | undefined): field is PointField =>
    field !== undefined && field.datatype in sizes && field.offset + sizes[field.datatype] <= pointStep;
  const [x, y, z] = found;
  if (!fits(x) || !fits(y) || !fits(z)) {
    const fields = message.fields
      .slice(0, 8)
      .map(({ name, offset, datatype }) => `${quoted(name)}@${offset}:${datatype}`);
    return refuse(
      'points_fields',
      `fields are ${fields.join(', ')} in ${pointStep} bytes, expected x, y and z as FLOAT32 (7) or FLOAT64 (8)`,
    );
  }
  const data = message.data instanceof Uint8Array ? message.data : Uint8Array.from(message.data);
  const tight = width * pointStep;
  // Many drivers leave row_step at 0 or at an earlier value. It is not needed if the rows have no padding.
  const packed = data.length === tight * height;
  if (!packed && rowStep < tight) refuse('points_step', `row_step is ${rowStep}, expected at least ${tight}`);
  if (!packed && data.length !== rowStep * height) {
    const expected = `row_step ${rowStep} × height ${height} = ${rowStep * height}`;
    refuse('points_size_mismatch', `data holds ${data.length} bytes, expected ${expected}`);
  }
  const view = viewOf(data);
  const reader = ({ offset, datatype }: PointField): Coordinate =>
    datatype === 7
      ? (at) => view.getFloat32(at + offset, !bigEndian)
      : (at) => view.getFloat64(at + offset, !bigEndian);
  const step = packed ? tight : rowStep;
  const alike = x.datatype === y.datatype && x.datatype === z.datatype;
  const layout: PointLayout | undefined =
    alike && !bigEndian ? { offsets: [x.offset, y.offset, z.offset], wide: x.datatype === 8 } : undefined;
  return { width, height, pointStep, rowStep: step, data, read: [reader(x), reader(y), reader(z)], layout };
}
