import jpeg from 'jpeg-js';
import type { SensorUse } from '../../src/sensing/sensor-kinds.js';
import { evt3, packet, type TestEvent } from '../sensing/sensors/event-packets.js';
import { cloud, type Point } from '../sensing/sensors/clouds.js';

/** A small sensor and its messages: two alternating scenes, each a little different every time. */
export interface MovingSensor extends SensorUse {
  readonly message: (k: number) => object;
  /** A message that is refused. */
  readonly wrong: object;
}

const scene = (k: number): number => (k % 2) * 5 + (k % 3);

function picture(k: number): { readonly width: number; readonly height: number; readonly data: Uint8Array } {
  const data = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 === scene(k) % 8 ? 250 : 10 + ((i * 7 + k) % 9)));
  return { width: 8, height: 8, data };
}

const pictures = new Map<number, Uint8Array>();

function jpegOf(k: number): Uint8Array {
  const known = pictures.get(k);
  if (known !== undefined) return known;
  const { width, height, data } = picture(k);
  const rgba = Buffer.from([...data].flatMap((x) => [x, x, x, 255]));
  const encoded = Uint8Array.from(jpeg.encode({ width, height, data: rgba }, 95).data);
  pictures.set(k, encoded);
  return encoded;
}

const image = { encoding: 'mono8', is_bigendian: 0, step: 8 };
const scan = { angle_min: 0, angle_increment: Math.PI / 8, range_min: 0.1, range_max: 10 };
const covariance = new Float64Array(9);
const imu = { angular_velocity_covariance: covariance, linear_acceleration_covariance: covariance };
const still = { x: 0, y: 0, z: 0 };
const points = (k: number): Point[] =>
  Array.from({ length: 40 }, (_, i) => {
    const angle = (i / 40) * 2 * Math.PI;
    const distance = 1 + (scene(k) * ((i % 7) + 1)) / 5;
    return [distance * Math.cos(angle), distance * Math.sin(angle), 0.1];
  });

/** A bar that moves to the right through the picture of 40 × 30 pixels, as high and as far down as the scene says. */
const moved = (k: number): TestEvent[] =>
  Array.from({ length: 90 }, (_, i) => ({
    ...{ x: 3 + ((i * 7 + k) % 30), y: 4 + scene(k) * 2 + (i % 9), on: (i + k) % 4 !== 0 },
    t: 20_000 * k + 5000 + 100 * i,
  }));
const movedArray = (k: number): object => ({
  ...{ width: 40, height: 30 },
  events: moved(k).map(({ x, y, on, t }) => ({
    ...{ x, y, polarity: on, ts: { sec: Math.floor(t / 1e6), nanosec: (t % 1e6) * 1000 } },
  })),
});
const eventValues = { width: 8, height: 8, window: 0.06, hop: 0.02, pixel_rate: 2000 };

/** One sensor of every kind, by name. */
export const movingSensors: readonly MovingSensor[] = [
  {
    ...{ name: 'image', values: { width: 8, height: 8 } },
    message: (k) => ({ ...image, ...picture(k) }),
    wrong: { ...image, ...picture(0), data: new Uint8Array(7) },
  },
  {
    ...{ name: 'compressed_image', values: { width: 8, height: 8 } },
    message: (k) => ({ format: 'jpeg', data: jpegOf(k) }),
    wrong: { format: 'jpeg', data: new Uint8Array(7) },
  },
  {
    ...{ name: 'scan', values: { sectors: 8 } },
    message: (k) => ({ ...scan, ranges: Float32Array.from({ length: 16 }, (_, i) => 1 + ((i * scene(k)) % 8)) }),
    wrong: { ...scan, ranges: new Float32Array(0) },
  },
  {
    name: 'range',
    message: (k) => ({ min_range: 0.1, max_range: 5, range: 0.3 + scene(k) / 2 }),
    wrong: { min_range: 0.1, max_range: 5, range: NaN },
  },
  {
    ...{ name: 'imu', values: { window: 0.3, hop: 0.02 } },
    message: (k) => ({
      ...imu,
      linear_acceleration: { ...still, x: scene(k) * Math.sin(k), z: 9.81 },
      angular_velocity: { ...still, z: scene(k) / 3 },
    }),
    wrong: { ...imu, linear_acceleration: { ...still, x: NaN }, angular_velocity: still },
  },
  {
    ...{ name: 'points', values: { sectors: 8, rings: 4 } },
    message: (k) => cloud(points(k)),
    wrong: { ...cloud(points(0)), data: new Uint8Array(7) },
  },
  {
    ...{ name: 'features', values: { size: 12, signed: true } },
    message: (k) => ({ values: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i * (1 + scene(k)))) }),
    wrong: { values: new Float32Array(3) },
  },
  {
    ...{ name: 'events', values: eventValues },
    message: (k) => packet(k, evt3(moved(k))),
    wrong: packet(0, new Uint8Array(8), { encoding: 'evt9' }),
  },
  {
    ...{ name: 'dvs_events', values: eventValues },
    message: movedArray,
    wrong: { width: 4, height: 4, events: [] },
  },
  {
    ...{ name: 'prophesee_events', values: eventValues },
    message: movedArray,
    wrong: { width: 4, height: 4, events: [] },
  },
];
