import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { imageFormats, pixelFormat } from 'topspark/sensing/image/image-frame.js';
import type { ParameterValue } from 'topspark/base/parameters.js';
import type { Random } from 'topspark/base/random.js';
import { eventEncodings } from 'topspark/sensing/events/event-decoders.js';
import { bytes, floats, strangeNumber, once, pick, size } from './values.js';

/**
 * Generator of a sensor's messages, and parameters that make the sensor small, so that a million messages take minutes.
 */
export interface FuzzedSensor {
  readonly values: Readonly<Record<string, ParameterValue>>;
  readonly message: (random: Random) => object;
}

/** Unexpected texts. */
const strange = ['', 'jpeg', 'yuv420', 'toString', '__proto__', 'RGB8', 'x'.repeat(1000), '\u0000', '𝄞'];

function image(random: Random): object {
  const encoding = pick(random, imageFormats);
  const { bytes: pixel, side, colourRows = 0 } = pixelFormat(encoding);
  const [width, height] = [1 + random.below(24), 1 + random.below(24)];
  const step = (width * pixel) / side + (once(random, 4) ? random.below(9) : 0);
  return {
    width: size(random, width),
    height: size(random, height),
    encoding: once(random, 15) ? pick(random, strange) : encoding,
    is_bigendian: random.below(3),
    step: size(random, step),
    data: bytes(random, step * (height + Math.ceil(height * colourRows))),
  };
}

/** Header of image_transport's compressed depth: no format, and two floats. */
const depthHeader = Buffer.from(new Uint8Array(Float32Array.of(0, 10_100, -1009).buffer));
/** 3 × 2 pixels in RVL: two zeros, then four values. */
const rvl = Buffer.concat([
  Buffer.from(Uint32Array.of(3, 2).buffer),
  Buffer.from(Uint32Array.of(0x24f3f32a, 0xf3210000).buffer),
]);
const formats = ['jpeg', 'png', '16UC1; png compressed', '16UC1; compressedDepth png', '32FC1; compressedDepth rvl'];

const pictures = [8, 13].flatMap((side) => {
  const data = Buffer.from(Uint8Array.from({ length: 4 * side * side }, (_, k) => (k * 37) % 251));
  const png = new PNG({ width: side, height: side });
  data.copy(png.data);
  const grey = { colorType: 0, inputColorType: 6 } as const;
  const whole = jpeg.encode({ width: side, height: side, data }, 60).data;
  const tables = whole.indexOf(Buffer.of(0xff, 0xc4));
  const scan = whole.indexOf(Buffer.of(0xff, 0xda));
  const bare = Buffer.concat([whole.subarray(0, tables), whole.subarray(scan)]);
  const deep = new PNG({ width: side, height: side, bitDepth: 16, colorType: 0, inputHasAlpha: false });
  deep.data = Buffer.from(Uint16Array.from({ length: side * side }, (_, k) => (k * 977) % 9000).buffer);
  const depth = PNG.sync.write(deep, { bitDepth: 16, colorType: 0, inputColorType: 0, inputHasAlpha: false });
  return [whole, bare, bare.subarray(0, -2), PNG.sync.write(png), PNG.sync.write(png, grey), depth].concat(
    [depth, rvl].map((body) => Buffer.concat([depthHeader, body])),
  );
});

/** A real picture: whole, cut off, or with some bytes replaced. */
function compressedImage(random: Random): object {
  const format = once(random, 4) ? pick(random, strange) : pick(random, formats);
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
  // Most messages are valid, since otherwise hardly any window would have enough of them.
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

/** State of each stream of packets: sequence number, and time [µs]. */
const streams = new WeakMap<Random, { seq: bigint; time: number }>();

function stream(random: Random): { seq: bigint; time: number } {
  const known = streams.get(random) ?? { seq: 0n, time: 5000 };
  streams.set(random, known);
  known.time += 5000;
  // Now and then packets are lost, a number is repeated, or the driver starts again.
  known.seq += once(random, 20) ? BigInt(2 + random.below(5)) : once(random, 30) ? 0n : 1n;
  if (once(random, 200)) known.seq = 0n;
  return known;
}

/** Size of the camera's picture [pixel]. */
const camera = { width: 24, height: 18 };

/** A packet of EVT 3.0: times, rows, single events, vectors, and invalid words. */
function eventPacket(random: Random): object {
  const { seq, time } = stream(random);
  const words = [0x8000 | ((time >> 12) & 0xfff), 0x6000 | (time & 0xfff)];
  for (let left = 10 + random.below(30); left > 0; left--) {
    words.push(random.below(camera.height), 0x2000 | (random.below(2) << 11) | random.below(camera.width));
    if (once(random, 8)) words.push(0x3000 | random.below(camera.width), 0x4000 | random.below(4096));
    if (once(random, 200)) words.push(random.below(65_536));
  }
  const data = new Uint8Array(Uint16Array.from(words).buffer);
  const encoding = once(random, 15) ? pick(random, [...strange, ...eventEncodings]) : 'evt3';
  return {
    width: size(random, camera.width),
    height: size(random, camera.height),
    seq,
    encoding,
    is_bigendian: once(random, 60),
    events: once(random, 8) ? bytes(random, data.length) : data,
  };
}

function eventArray(random: Random): object {
  const { time } = stream(random);
  const events = Array.from({ length: random.below(60) }, (_, k) => ({
    x: size(random, random.below(camera.width)) & 0xffff,
    y: random.below(camera.height),
    ts: { sec: once(random, 60) ? pick(random, [-(2 ** 31), 2 ** 31 - 1]) : 7, nanosec: 1000 * time + k },
    polarity: once(random, 2),
  }));
  return { width: size(random, camera.width), height: size(random, camera.height), events };
}

/** A valid message of features. */
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

const smallEvents = {
  ...{ width: 6, height: 5, window: 0.1, hop: 0.02, pixel_rate: 1000, max_events: 1024, max_pixels: 1000 },
};

/** Generators by the name of the sensor. */
export const fuzzedSensors: Readonly<Record<string, FuzzedSensor>> = {
  image: { values: { width: 6, height: 5, max_pixels: 1000 }, message: image },
  compressed_image: { values: { width: 6, height: 5, max_pixels: 1000, max_bytes: 4096 }, message: compressedImage },
  scan: { values: { sectors: 6, inverse_cells: 3, log_cells: 3, max_beams: 60 }, message: scan },
  range: { values: { inverse_cells: 4, log_cells: 4 }, message: range },
  imu: { values: { window: 0.3, hop: 0.03, cells: 4 }, message: imu },
  points: { values: { sectors: 6, rings: 4, max_points: 100 }, message: points },
  features: { values: { size: 12 }, message: features },
  events: { values: smallEvents, message: eventPacket },
  dvs_events: { values: smallEvents, message: eventArray },
  prophesee_events: { values: smallEvents, message: eventArray },
};

/** Generators for topics other than sensors, by the name of the topic. */
export const fuzzedTopics: Readonly<Record<string, (random: Random) => object>> = { label, battery_state: battery };
