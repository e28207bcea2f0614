import type { ParameterValue } from '../../src/base/parameters.js';
import type { BatteryMessage, BatterySettings } from '../../src/energy/battery.js';
import { bytesOf, pictureSet } from '../sensing/pictures/pictures.js';
import type { EventPacketMessage } from '../../src/sensing/events/event-messages.js';
import { evt3, libcaer, libcaerCmp, mono, packet, type TestEvent } from '../sensing/sensors/event-packets.js';
import { cloud, type Point } from '../sensing/sensors/clouds.js';

/** A message as a driver sends it. A sensor's message is repeated until a sample is complete. */
export interface Shown {
  readonly message: object;
  readonly frameId?: string;
  /** Differs from the sensor's defaults. */
  readonly values?: Readonly<Record<string, ParameterValue>>;
  /** The driver sends no stamp. */
  readonly unstamped?: true;
}

/** What a driver does, and how the node handles it. */
export interface Habit {
  /** Packages with this habit. */
  readonly driver: string;
  /** Name of the sensor, or `battery`. */
  readonly sensor: string;
  readonly habit: string;
  /** What the node does, in words. */
  readonly does: string;
  readonly shown: Shown;
  /** Equivalent values: the same intensities result. */
  readonly as?: Shown;
  /** Cause under which it is refused or silent; absent: it is read. */
  readonly cause?: string;
  /** The charge that is believed, for a battery message that is read. */
  readonly charge?: number;
  readonly battery?: Partial<BatterySettings>;
}

const { width, height } = pictureSet;
const small = { width: 12, height: 8 };

function picture(encoding: string, bigEndian = false): Shown {
  const found = pictureSet.pictures.find((each) => each.encoding === encoding && each.bigEndian === bigEndian);
  if (found === undefined) throw new Error(`no picture in ${encoding}`);
  const { step, data } = found;
  return {
    message: { width, height, encoding, is_bigendian: Number(bigEndian), step, data: bytesOf(data) },
    values: small,
  };
}

function file(name: string): Shown {
  const found = pictureSet.compressed.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return { message: { format: found.format, data: bytesOf(found.data) }, values: small };
}

/** A picture of 16 bits in one channel. */
function deep(encoding: string, value: (x: number, y: number) => number, values: Shown['values'] = {}): Shown {
  const data = Uint16Array.from({ length: width * height }, (_, k) => value(k % width, Math.floor(k / width)));
  const message = { width, height, encoding, is_bigendian: 0, step: 2 * width, data: new Uint8Array(data.buffer) };
  return { message, values: { ...small, ...values } };
}

const padded = ({ message, ...rest }: Shown): Shown => {
  const image = message as { readonly step: number; readonly data: Uint8Array };
  const [step, rows] = [image.step + 40, image.data.length / image.step];
  const data = new Uint8Array(step * rows);
  for (let y = 0; y < rows; y++) data.set(image.data.subarray(y * image.step, (y + 1) * image.step), y * step);
  return { ...rest, message: { ...message, step, data } };
};

const fieldsOf = (...names: string[]): object[] =>
  names.map((name, axis) => ({ name, offset: 4 * axis, datatype: 7, count: 1 }));

const edge = (x: number, y: number): number => (x > 9 && y > 5 ? 1 : 0);

const beams = (count: number, range: (k: number) => number, more = {}): Shown => ({
  message: {
    ...{ angle_min: -Math.PI, angle_increment: (2 * Math.PI) / count, range_min: 0.15, range_max: 12 },
    ranges: Float32Array.from({ length: count }, (_, k) => range(k)),
    ...more,
  },
});

const room = (k: number): number => 1 + (k % 60) / 20;

const wall: Point[] = Array.from({ length: 120 }, (_, k) => [3, (k % 20) / 10, Math.floor(k / 20) / 10]);
const around: Point[] = Array.from({ length: 64 }, (_, k) => {
  const angle = (2 * Math.PI * k) / 64;
  return [(2 + (k % 7)) * Math.cos(angle), (2 + (k % 7)) * Math.sin(angle), 0.2];
});
const camera = (points: readonly Point[]): Point[] => points.map(([x, y, z]) => [-y, -z, x]);

const motion = (more: object): Shown => ({
  message: {
    linear_acceleration: { x: 0.3, y: 0, z: 9.81 },
    angular_velocity: { x: 0, y: 0, z: 0.2 },
    linear_acceleration_covariance: new Float64Array(9),
    angular_velocity_covariance: new Float64Array(9),
    ...more,
  },
});
const unknown = Float64Array.from([-1, 0, 0, 0, 0, 0, 0, 0, 0]);

/** As C++ and Python leave a message: fields that are not set are 0. */
const unset: BatteryMessage = {
  present: true,
  percentage: 0,
  charge: 0,
  capacity: 0,
  status: 0,
  voltage: 0,
  current: 0,
};
const battery = (more: Partial<BatteryMessage>): Shown => ({ message: { ...unset, ...more } });
const curve = {
  voltageCurve: [
    [10.5, 0],
    [12.1, 0.5],
    [12.7, 1],
  ],
} as const;

/** By sensor, in the order of the table. */
/** A bright square that has come into the picture from the left. */
const square: TestEvent[] = Array.from({ length: 144 }, (_, k) => ({
  ...{ x: 8 + Math.floor(k / 12), y: 8 + (k % 12), on: true, t: 10 * k },
}));
const packets = (bytes: Uint8Array, changes: Partial<EventPacketMessage> = {}): Shown => ({
  message: packet(0, bytes, { width: 32, height: 32, ...changes }),
  values: { pixel_rate: 1000 },
});

export const habits: readonly Habit[] = [
  {
    driver: 'usb_cam',
    ...{ sensor: 'image', habit: '`pixel_format: yuyv` comes as yuv422_yuy2' },
    ...{ does: 'Y is the luminance', shown: picture('yuv422_yuy2'), as: picture('yuyv') },
  },
  {
    driver: 'camera_ros',
    ...{ sensor: 'image', habit: 'UYVY comes as yuv422, in rows longer than the picture' },
    ...{ does: 'Y is the luminance, the padding is skipped', shown: padded(picture('yuv422')), as: picture('uyvy') },
  },
  {
    driver: 'camera_ros',
    ...{ sensor: 'image', habit: 'the raw Bayer pattern of the sensor, 8 or 16 bits' },
    ...{ does: 'each 2 × 2 block is one pixel', shown: picture('bayer_rggb16') },
  },
  {
    driver: 'drivers that pass on the format of the hardware',
    ...{ sensor: 'image', habit: 'nv12 or nv21: rows of colour after the rows of luminance' },
    ...{ does: 'Y is the luminance', shown: picture('nv12'), as: picture('nv21') },
  },
  {
    driver: 'OpenCV bridges',
    ...{ sensor: 'image', habit: '8UC3, which does not say the order of colours' },
    ...{ does: 'read as bgr8, the order of OpenCV', shown: picture('8UC3'), as: picture('bgr8') },
  },
  {
    driver: 'realsense2_camera, depthai',
    ...{ sensor: 'image', habit: 'depth as 16UC1 in millimetres, 0 where nothing was measured' },
    ...{ does: 'nearness up to `max_depth`', shown: deep('16UC1', (x, y) => 900 * edge(x, y)) },
  },
  {
    driver: 'infrared cameras',
    ...{ sensor: 'image', habit: 'ten bits in mono16' },
    does: 'all bits count: each picture by its own range, or by `levels`',
    shown: deep('mono16', (x, y) => 60 + 500 * edge(x, y)),
  },
  {
    driver: 'thermal cameras',
    ...{ sensor: 'image', habit: 'hundredths of a kelvin as 16UC1' },
    does: 'read as depth beyond `max_depth`; the warning says what to set',
    ...{ shown: deep('16UC1', (x, y) => 29_500 + 600 * edge(x, y)), cause: 'image_flat' },
  },
  {
    driver: 'thermal cameras',
    ...{ sensor: 'image', habit: 'the same with `image.max_depth: 0`' },
    ...{ does: 'light', shown: deep('16UC1', (x, y) => 29_500 + 600 * edge(x, y), { max_depth: 0 }) },
    as: deep('mono16', (x, y) => 29_500 + 600 * edge(x, y)),
  },
  {
    driver: 'usb_cam and other UVC cameras',
    ...{ sensor: 'compressed_image', habit: 'MJPEG without Huffman tables' },
    ...{ does: 'the standard tables are used', shown: file('JPEG without Huffman tables') },
    as: file('JPEG without its end marker'),
  },
  {
    driver: 'UVC cameras',
    ...{ sensor: 'compressed_image', habit: 'JPEG without its end marker, or with zeros after it' },
    ...{ does: 'read; refused when pixels are missing', shown: file('JPEG without either, and padded') },
    as: file('JPEG without Huffman tables'),
  },
  {
    driver: 'compressed_image_transport',
    ...{ sensor: 'compressed_image', habit: '`mono16; png compressed`, `rgb16; png compressed bgr16`' },
    ...{ does: 'all 16 bits count', shown: file('PNG of 16 bits of grey') },
  },
  {
    driver: 'compressed_image_transport',
    ...{ sensor: 'compressed_image', habit: 'depth as `16UC1; png compressed`' },
    ...{ does: 'depth in millimetres', shown: file('depth PNG, 16UC1; png compressed ') },
    as: file('16UC1; compressedDepth png'),
  },
  {
    driver: 'nodes with cv2.imencode',
    ...{ sensor: 'compressed_image', habit: 'depth as PNG, and the format is `png`' },
    ...{ does: 'depth in millimetres', shown: file('depth PNG, png'), as: file('16UC1; compressedDepth png') },
  },
  {
    driver: 'compressed_depth_image_transport',
    ...{ sensor: 'compressed_image', habit: '`16UC1; compressedDepth`, png or rvl' },
    ...{ does: 'depth in millimetres', shown: file('16UC1; compressedDepth rvl') },
    as: file('16UC1; compressedDepth'),
  },
  {
    driver: 'compressed_depth_image_transport',
    ...{ sensor: 'compressed_image', habit: '`32FC1; compressedDepth`, png or rvl' },
    ...{ does: 'depth in metres', shown: file('32FC1; compressedDepth rvl'), as: file('32FC1; compressedDepth png') },
  },
  {
    driver: 'ffmpeg_image_transport and others',
    ...{ sensor: 'compressed_image', habit: 'video: h264, hevc' },
    ...{ does: 'refused: each picture depends on earlier ones', cause: 'compressed_image_format' },
    shown: { message: { format: 'h264', data: Uint8Array.from([0, 0, 0, 1, 0x67, 0x42, 0, 0x1f]) } },
  },
  {
    driver: 'rplidar_ros',
    ...{ sensor: 'scan', habit: 'infinite for no return; the number of beams varies' },
    ...{
      does: 'silent there; the sectors stay the same',
      shown: beams(718, (k) => (k % 9 === 0 ? Infinity : room(k >> 1))),
    },
  },
  {
    driver: 'urg_node',
    ...{ sensor: 'scan', habit: 'a part of the circle, NaN for no return' },
    does: 'directions without a return are silent',
    shown: beams(1081, (k) => (k % 9 === 0 ? NaN : room(k % 60)), { angle_min: -2.356, angle_increment: 0.00436 }),
  },
  {
    driver: 'hls_lfcd_lds_driver (turtlebot3)',
    ...{ sensor: 'scan', habit: '0 for no return; 0.12 to 3.5 m' },
    does: '0 is no measurement; near and far are those of the sensor',
    shown: beams(360, (k) => (k % 5 === 0 ? 0 : room(k) % 3.4), { range_min: 0.12, range_max: 3.5 }),
    as: beams(360, (k) => (k % 5 === 0 ? NaN : room(k) % 3.4), { range_min: 0.12, range_max: 3.5 }),
  },
  {
    driver: 'rings of sonars as a scan',
    ...{ sensor: 'scan', habit: 'fewer beams than `sectors`' },
    ...{ does: 'a sector for each beam', shown: beams(24, room, { range_min: 0.03, range_max: 5 }) },
  },
  {
    driver: 'infrared switches',
    ...{ sensor: 'range', habit: 'one fixed distance, −infinity when something is nearer' },
    ...{ does: 'something at that distance', shown: { message: { min_range: 0.3, max_range: 0.3, range: -Infinity } } },
    as: { message: { min_range: 0.1, max_range: 0.5, range: 0.3 } },
  },
  {
    driver: 'microstrain_inertial_driver',
    ...{ sensor: 'imu', habit: '`imu/data_raw`: orientation has its default value and is not marked as unknown' },
    does: 'orientation is not used',
    shown: motion({ orientation: { x: 0, y: 0, z: 0, w: 1 }, orientation_covariance: new Array<number>(9).fill(0) }),
    as: motion({}),
  },
  {
    driver: 'phidgets_spatial',
    ...{ sensor: 'imu', habit: '`imu/data_raw`: no orientation' },
    ...{ does: 'orientation is not used', shown: motion({ orientation_covariance: unknown }), as: motion({}) },
  },
  {
    driver: 'realsense2_camera, `unite_imu_method: 0`',
    ...{ sensor: 'imu', habit: 'acceleration and rotation on separate topics, the rest 0' },
    does: 'read; unite them, otherwise half of the inputs are silent',
    shown: motion({ angular_velocity: { x: 0, y: 0, z: 0 } }),
  },
  {
    driver: 'kobuki_node',
    ...{ sensor: 'imu', habit: 'only rotation about z, no acceleration' },
    ...{ does: 'read as it is', shown: motion({ linear_acceleration: { x: 0, y: 0, z: 0 } }) },
  },
  {
    driver: 'drivers of a magnetometer only',
    ...{ sensor: 'imu', habit: 'all covariances begin with -1: nothing is measured (REP-145)' },
    does: 'silent: nothing is measured',
    cause: 'imu_unmeasured',
    shown: motion({ angular_velocity_covariance: unknown, linear_acceleration_covariance: unknown }),
  },
  {
    driver: 'bno055, earlier versions',
    ...{ sensor: 'imu', habit: 'stamps are never set' },
    ...{ does: 'refused: without stamps there is no window', cause: 'imu_stamp_stuck' },
    shown: { ...motion({}), unstamped: true },
  },
  {
    driver: 'realsense2_camera, depthai',
    ...{ sensor: 'points', habit: 'points in an optical frame: z forward, y down' },
    does: 'read along the axes of the camera, by the name of the frame',
    shown: { message: cloud(camera(wall)), frameId: 'camera_depth_optical_frame' },
    as: { message: cloud(wall), values: { heading_free: false } },
  },
  {
    driver: 'depth cameras with another frame name',
    ...{ sensor: 'points', habit: 'the same in `depth_camera_link`' },
    does: 'the same with `points.axes: optical`',
    shown: { message: cloud(camera(wall)), frameId: 'depth_camera_link', values: { axes: 'optical' } },
    as: { message: cloud(wall), values: { heading_free: false } },
  },
  {
    driver: 'velodyne_pointcloud, `organize_cloud`; ouster_ros',
    ...{ sensor: 'points', habit: 'rows of points, NaN for no return' },
    does: 'they are left out',
    shown: { message: cloud([...around, ...around.map((): Point => [NaN, NaN, NaN])], { height: 2 }) },
    as: { message: cloud(around) },
  },
  {
    driver: 'ouster_ros, earlier versions',
    ...{ sensor: 'points', habit: 'rows of points of 48 bytes, (0, 0, 0) for no return' },
    does: 'they are nearer than `near`, and left out',
    shown: { message: cloud([...around, ...around.map((): Point => [0, 0, 0])], { height: 2, pointStep: 48 }) },
    as: { message: cloud(around) },
  },
  {
    driver: 'sick_scan_xd',
    ...{ sensor: 'points', habit: '`range_filter_handling`: what is out of range at 0, at the largest number, or NaN' },
    does: 'left out: nearer than `near`, farther than `far`, or NaN',
    shown: { message: cloud([...around, [0, 0, 0], [3.4e38, 3.4e38, 0], [NaN, NaN, NaN]]) },
    as: { message: cloud(around) },
  },
  {
    driver: 'sick_scan_xd, a topic of polar coordinates',
    ...{ sensor: 'points', habit: 'range, azimuth and elevation in place of x, y and z' },
    does: 'refused: its other topic, `cloud`, has x, y and z',
    cause: 'points_fields',
    shown: { message: { ...cloud(around), fields: fieldsOf('range', 'azimuth', 'elevation') } },
  },
  {
    driver: 'livox_ros_driver2, `xfer_format: 0`',
    ...{ sensor: 'points', habit: 'points of 18 bytes, unaligned' },
    ...{ does: 'read; with `xfer_format: 1` its type is not supported' },
    ...{ shown: { message: cloud(around, { pointStep: 18 }) }, as: { message: cloud(around) } },
  },
  {
    driver: 'filters and converters',
    ...{ sensor: 'points', habit: '`row_step` 0, or that of an earlier cloud' },
    does: 'not needed when rows are not padded',
    ...{ shown: { message: { ...cloud(around), row_step: 0 } }, as: { message: cloud(around) } },
  },
  {
    driver: 'metavision_driver',
    ...{ sensor: 'events', habit: '`evt3`: events in vectors, a row and a time for many' },
    ...{ does: 'read', shown: packets(evt3(square, true)), as: packets(evt3(square)) },
  },
  {
    driver: 'metavision_driver, earlier versions',
    ...{ sensor: 'events', habit: '`mono`, 64 bits an event' },
    ...{ does: 'read', shown: packets(mono(square), { encoding: 'mono' }), as: packets(evt3(square)) },
  },
  {
    driver: 'metavision_driver, earlier versions',
    ...{ sensor: 'events', habit: '`trigger`: no events of the picture' },
    ...{ does: 'refused: it is no picture', cause: 'events_encoding' },
    shown: packets(mono(square), { encoding: 'trigger' }),
  },
  {
    driver: 'libcaer_driver',
    ...{ sensor: 'events', habit: '`libcaer_cmp`' },
    ...{ does: 'read', shown: packets(libcaerCmp(square), { encoding: 'libcaer_cmp' }), as: packets(evt3(square)) },
  },
  {
    driver: 'libcaer_driver, earlier versions',
    ...{ sensor: 'events', habit: '`libcaer`, 64 bits an event' },
    ...{ does: 'read', shown: packets(libcaer(square), { encoding: 'libcaer' }), as: packets(evt3(square)) },
  },
  {
    driver: 'dvs_ros_driver, davis_ros_driver',
    ...{ sensor: 'dvs_events', habit: 'dvs_msgs/EventArray, each event with a stamp of its own' },
    does: 'read; times within a message count, not their clock',
    shown: {
      message: {
        ...{ width: 32, height: 32 },
        events: square.map(({ x, y, on, t }) => ({ x, y, polarity: on, ts: { sec: 3, nanosec: 1000 * t } })),
      },
      values: { pixel_rate: 1000 },
    },
  },
  {
    driver: 'turtlebot3_node',
    ...{ sensor: 'battery', habit: '`percentage` of 0..100, besides it only a voltage' },
    ...{
      does: 'refused with what to set',
      shown: battery({ percentage: 87, voltage: 11.8 }),
      cause: 'battery_out_of_range',
    },
  },
  {
    driver: 'turtlebot3_node',
    ...{ sensor: 'battery', habit: 'the same with `battery.full: 100`' },
    ...{ does: 'the charge', shown: battery({ percentage: 87, voltage: 11.8 }), battery: { full: 100 }, charge: 0.87 },
  },
  {
    driver: 'clearpath_diagnostics',
    ...{ sensor: 'battery', habit: '`percentage` of 0..1 by voltage, charge and capacity' },
    does: 'the charge',
    ...{ shown: battery({ percentage: 0.5, charge: 10, capacity: 20, voltage: 12.3, status: 2 }), charge: 0.5 },
  },
  {
    driver: 'drivers that send only a voltage',
    ...{ sensor: 'battery', habit: '`percentage` NaN' },
    does: 'refused: a voltage alone is no charge',
    ...{ shown: battery({ percentage: NaN, voltage: 12.1 }), cause: 'battery_unmeasured' },
  },
  {
    driver: 'drivers that send only a voltage',
    ...{ sensor: 'battery', habit: '`percentage` NaN or left at 0, with `battery.voltage_curve`' },
    ...{ does: 'the charge of the curve', shown: battery({ voltage: 12.1 }), battery: curve, charge: 0.5 },
  },
  {
    driver: 'many drivers',
    ...{ sensor: 'battery', habit: '`present` is never set' },
    ...{ does: 'believed, with one warning', shown: battery({ present: false, percentage: 0.4 }), charge: 0.4 },
  },
];
