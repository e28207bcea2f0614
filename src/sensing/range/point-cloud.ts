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
  readonly view: DataView;
  /** Reads coordinate x, y or z of the point at a byte offset. */
  readonly read: readonly [Coordinate, Coordinate, Coordinate];
  /** The whole cloud as float32, where all coordinates lie at whole places of it: the usual case. */
  readonly floats: FloatCloud | undefined;
}

/** A cloud as float32: steps from point to point and from row to row, and the places of x, y and z, in numbers. */
export interface FloatCloud {
  readonly values: Float32Array;
  readonly pointStep: number;
  readonly rowStep: number;
  readonly places: readonly [number, number, number];
}

/** Whether this machine stores the lowest byte first, as `Float32Array` then reads. */
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

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
  const places = [x, y, z].map(({ offset }) => offset);
  const whole = [data.byteOffset, pointStep, step, ...places].every((each) => each % 4 === 0);
  const single = [x, y, z].every(({ datatype }) => datatype === 7);
  const [atX, atY, atZ] = places.map((each) => each / 4);
  const floats: FloatCloud | undefined =
    single && whole && bigEndian !== littleEndian
      ? {
          values: new Float32Array(data.buffer, data.byteOffset, data.length >> 2),
          ...{ pointStep: pointStep / 4, rowStep: step / 4, places: [atX, atY, atZ] },
        }
      : undefined;
  return { width, height, pointStep, rowStep: step, view, read: [reader(x), reader(y), reader(z)], floats };
}
