import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { ParameterValue } from 'topspark/base/parameters.js';
import type { Random } from 'topspark/base/random.js';
import { bytes, floats, strangeNumber, once, pick, size } from './values.js';

/** What a kind of sensor is sent, and how small it is made so that a million messages take minutes. */
export interface FuzzedSensor {
  readonly values: Readonly<Record<string, ParameterValue>>;
  readonly message: (random: Random) => object;
}

const pixelBytes = { mono8: 1, '8UC1': 1, mono16: 2, rgb8: 3, bgr8: 3, rgba8: 4, bgra8: 4, '16UC1': 2, '32FC1': 4 };
const encodings = Object.keys(pixelBytes) as (keyof typeof pixelBytes)[];
/** Words that nobody expects. */
const strange = ['', 'jpeg', 'yuv422', 'toString', '__proto__', 'RGB8', 'x'.repeat(1000), '\u0000', '𝄞'];

function image(random: Random): object {
  const encoding = pick(random, encodings);
  const [width, height] = [1 + random.below(24), 1 + random.below(24)];
  const step = width * pixelBytes[encoding] + (once(random, 4) ? random.below(9) : 0);
  return {
    width: size(random, width),
    height: size(random, height),
    encoding: once(random, 15) ? pick(random, strange) : encoding,
    is_bigendian: random.below(3),
    step: size(random, step),
    data: bytes(random, step * height),
  };
}

const pictures = [8, 13].flatMap((side) => {
  const data = Buffer.from(Uint8Array.from({ length: 4 * side * side }, (_, k) => (k * 37) % 251));
  const png = new PNG({ width: side, height: side });
  data.copy(png.data);
  const grey = { colorType: 0, inputColorType: 6 } as const;
  return [jpeg.encode({ width: side, height: side, data }, 60).data, PNG.sync.write(png), PNG.sync.write(png, grey)];
});

/** A real picture, whole, cut off, or with some of its bytes replaced. */
function compressedImage(random: Random): object {
  const format = once(random, 4) ? pick(random, strange) : pick(random, ['jpeg', 'png', '16UC1; png compressed']);
  if (once(random, 10)) return { format, data: bytes(random, random.below(200)) };
  const data = Uint8Array.from(pick(random, pictures));
  if (once(random, 2)) {
    for (let hits = 1 + random.below(4); hits > 0; hits--) data[random.below(data.length)] = random.below(256);
  }
  return { format, data: once(random, 4) ? data.subarray(0, random.below(data.length)) : data };
}

function scan(random: Random): object {
  const beams = 1 + random.below(40);
  return {
    angle_min: strangeNumber(random, -Math.PI, 0),
    angle_increment: strangeNumber(random, -1, 1) * (once(random, 5) ? 1 : 0.15),
    range_min: strangeNumber(random, 0, 0.5),
    range_max: strangeNumber(random, 1, 20),
    ranges: floats(random, beams, 0, 12),
  };
}

function range(random: Random): object {
  return {
    min_range: strangeNumber(random, 0, 0.5),
    max_range: strangeNumber(random, 1, 5),
    range: strangeNumber(random, 0, 5),
  };
}

const vector = (random: Random, most: number): object => ({
  x: strangeNumber(random, -most, most),
  y: strangeNumber(random, -most, most),
  z: strangeNumber(random, -most, most),
});

function imu(random: Random): object {
  const covariance = (): Float64Array => new Float64Array(9).fill(once(random, 6) ? -1 : 0);
  // Most of them whole: a quantity that is refused would otherwise leave no window with enough.
  const calm = !once(random, 6);
  const axes = { x: random.uniform(), y: -random.uniform(), z: 9.81 };
  return {
    linear_acceleration: calm ? axes : vector(random, 30),
    angular_velocity: calm ? axes : vector(random, 6),
    linear_acceleration_covariance: covariance(),
    angular_velocity_covariance: covariance(),
  };
}

function points(random: Random): object {
  const [width, height] = [1 + random.below(12), 1 + random.below(3)];
  const pointStep = 12 + 4 * random.below(3);
  const rowStep = width * pointStep + (once(random, 4) ? random.below(9) : 0);
  const coordinates = floats(random, (rowStep * height + 3) >> 2, -8, 8);
  const whole = new Uint8Array(coordinates.buffer);
  const fields = ['x', 'y', 'z', 'intensity'].map((name, axis) => ({
    name: once(random, 60) ? pick(random, strange) : name,
    offset: once(random, 60) ? pick(random, [1, 2 ** 32 - 1, 5000]) : 4 * axis,
    datatype: once(random, 60) ? random.below(12) : 7,
    count: 1,
  }));
  return {
    height: size(random, height),
    width: size(random, width),
    fields: once(random, 30) ? fields.slice(random.below(4)) : fields,
    is_bigendian: once(random, 8),
    point_step: size(random, pointStep),
    row_step: size(random, rowStep),
    data: once(random, 8) ? bytes(random, rowStep * height) : whole.subarray(0, rowStep * height),
  };
}

/** Features with nothing wrong. */
export const fine = (random: Random): object => ({ values: Float32Array.from({ length: 12 }, () => random.uniform()) });

function features(random: Random): object {
  return { values: floats(random, 12, once(random, 8) ? -1 : 0, 1) };
}

function label(random: Random): object {
  return { label: once(random, 8) ? pick(random, [...strange, 'x'.repeat(100_000)]) : `class ${random.below(5)}` };
}

function battery(random: Random): object {
  const unmeasured = once(random, 4);
  return {
    ...{
      voltage: strangeNumber(random, 10, 14),
      current: strangeNumber(random, -5, 2),
      temperature: strangeNumber(random, 0, 40),
    },
    ...{ charge: strangeNumber(random, 0, 4), capacity: strangeNumber(random, 4, 5), design_capacity: 5 },
    percentage: unmeasured ? NaN : strangeNumber(random, 0, 1),
    power_supply_status: random.below(6),
    present: !once(random, 8),
    cell_voltage: floats(random, 3, 3, 4),
    location: pick(random, ['', ...strange]),
  };
}

/** Generators by the name of the sensor. */
export const fuzzedSensors: Readonly<Record<string, FuzzedSensor>> = {
  image: { values: { width: 6, height: 5, max_pixels: 1000 }, message: image },
  compressed_image: { values: { width: 6, height: 5, max_pixels: 1000, max_bytes: 4096 }, message: compressedImage },
  scan: { values: { sectors: 6, inverse_cells: 3, log_cells: 3, max_beams: 60 }, message: scan },
  range: { values: { inverse_cells: 4, log_cells: 4 }, message: range },
  imu: { values: { window: 0.3, hop: 0.03, cells: 4 }, message: imu },
  points: { values: { sectors: 6, rings: 4, max_points: 100 }, message: points },
  features: { values: { size: 12 }, message: features },
};

/** Generators of what is no sensor's, by the name of the topic. */
export const fuzzedTopics: Readonly<Record<string, (random: Random) => object>> = { label, battery_state: battery };
