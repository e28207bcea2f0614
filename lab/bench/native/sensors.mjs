// @ts-check
// The encoders of sensors in plain C (sensors.c) compared with ours: CPU time of a message, in turns in one run, with
// the same bytes.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PopulationCode } from '../../../dist/sensing/motion/population-code.js';
import { sensorEncoder } from '../../../dist/sensing/sensor-kinds.js';
import { thisMachine } from '../../dist/bench/engine/machine.js';
import { markdownTable } from '../../dist/report/markdown-table.js';
import { words } from '../ratios.mjs';
import { byTurns, readFlags } from './turns.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { rounds, count: messages, json } = readFlags('sensors.mjs', 'messages');

/** As in sensors.c. */
const [beams, scans, window, steps] = [720, 16, 100, 2048];
const [distances, points, pointNumbers, vector] = [16, 2048, 4, 64];
const [camera, events, width, height] = [128, 10_000, 640, 480];
let state = 1;
const draw = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return (state >>> 8) / 16_777_216;
};
const ranges = Array.from({ length: scans }, () => Float32Array.from({ length: beams }, () => 0.5 + 11 * draw()));
const motion = Array.from({ length: window }, () => Array.from({ length: 6 }, () => 4 * draw() - 2));
const distance = Array.from({ length: distances }, () => Math.fround(0.1 + 4 * draw()));
const cloud = Float32Array.from({ length: pointNumbers * points }, (_, k) =>
  k % pointNumbers === 2 ? 3 * draw() - 1 : 40 * draw() - 20,
);
const values = Float32Array.from({ length: vector }, () => 2 * draw() - 1);
const seen = Array.from({ length: events }, () => [
  Math.floor(camera * draw()),
  Math.floor(camera * draw()),
  Number(draw() < 0.5),
]);
const picture = Uint8Array.from({ length: 3 * width * height }, () => Math.floor(256 * draw()));

/**
 * @param {number} cells
 * @param {number} width
 */
function tableOf(cells, width) {
  const code = new PopulationCode(cells, width);
  const table = new Uint8Array((steps + 1) * cells);
  for (let step = 0; step <= steps; step++) code.encode(step / steps, table, step * cells);
  return table;
}

const folder = mkdtempSync(join(tmpdir(), 'topspark-sensors-'));
const [tables, program] = [join(folder, 'tables'), join(folder, 'sensors')];
writeFileSync(tables, Buffer.concat([tableOf(8, 0.09), tableOf(12, 0.07)]));
const args = ['-O3', '-march=native', '-ffp-contract=off', '-std=gnu11', join(here, 'sensors.c'), '-o', program, '-lm'];
execFileSync(process.env['CC'] ?? 'cc', args, { stdio: ['ignore', 2, 2] });
const native = spawn(program, [tables], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: native.stdout })[Symbol.asyncIterator]();

/** @param {(typeof ours)[number]} sensor */
async function nativeRound({ name, rare }) {
  native.stdin.write(`${name} ${Math.ceil(messages / rare)}\n`);
  const { value } = await lines.next();
  const [each, bytes] = String(value).split(' ');
  return { each: Number(each), bytes };
}

const covariance = new Float64Array(9);
const turns = ranges.map((each) => ({
  ...{ angle_min: -Math.PI, angle_increment: (2 * Math.PI) / beams, range_min: 0.1, range_max: 12 },
  ranges: each,
}));
const moved = motion.map(([ax, ay, az, wx, wy, wz]) => ({
  linear_acceleration: { x: ax, y: ay, z: az },
  angular_velocity: { x: wx, y: wy, z: wz },
  ...{ linear_acceleration_covariance: covariance, angular_velocity_covariance: covariance },
}));
const encoderOf = (/** @type {string} */ name, /** @type {Record<string, string | boolean>} */ given = {}) =>
  sensorEncoder({ name, values: given }).encoder;
const [scan, imu, range, cloudOf] = ['scan', 'imu', 'range', 'points'].map((name) => encoderOf(name));
const [features, image] = [encoderOf('features', { signed: true }), encoderOf('image', { encoding: 'plain' })];
const dvs = encoderOf('dvs_events', { encoding: 'plain' });
moved.forEach((message, k) => imu.hear?.(message, 10_000_000n * BigInt(k)));
const last = 10_000_000n * BigInt(window - 1);
const distanceOf = distance.map((each) => ({ min_range: 0.02, max_range: 10, range: each }));
const field = (/** @type {string} */ name, /** @type {number} */ offset) => ({ name, offset, datatype: 7 });
const pointCloud = {
  ...{
    height: 1,
    width: points,
    is_bigendian: false,
    point_step: 4 * pointNumbers,
    row_step: 4 * pointNumbers * points,
  },
  fields: [field('x', 0), field('y', 4), field('z', 8)],
  data: new Uint8Array(cloud.buffer),
};
const frame = { width, height, encoding: 'rgb8', is_bigendian: 0, step: 3 * width, data: picture };
// One packet of 0.1 s, which the next one completes.
const column = (/** @type {number} */ at) => Uint16Array.from(seen, (each) => each[at]);
const packet = (/** @type {number} */ length) => ({
  ...{ width: camera, height: camera },
  events: {
    length,
    columns: {
      ...{ x: column(0), y: column(1), polarity: column(2), 'ts.sec': new Int32Array(events) },
      'ts.nanosec': Uint32Array.from({ length: events }, (_, k) => 10_000 * k),
    },
  },
});
const [began, ended] = [1_000_000_000n, 1_100_000_000n];
dvs.hear?.(packet(events), began);
dvs.hear?.(packet(0), ended);

const into = new Uint8Array(4096);
/**
 * Each takes `messages` ÷ `rare` messages a round.
 * @typedef {{ name: string, what: string, encoder: typeof scan, encode: (k: number) => void, rare: number }} Sensor
 * @type {readonly Sensor[]}
 */
const ours = [
  {
    ...{ name: 'image', what: `an image of ${width}×${height} rgb8, as 28×28 grey`, encoder: image, rare: 40 },
    encode: () => image.encode(frame, into, 0n, ''),
  },
  {
    ...{ name: 'scan', what: `a scan of ${beams} beams`, encoder: scan, rare: 1 },
    encode: (k) => scan.encode(turns[k % scans], into, 0n, ''),
  },
  {
    ...{ name: 'imu', what: `a window of ${window} inertial messages`, encoder: imu, rare: 1 },
    encode: () => imu.encode(moved[window - 1], into, last, ''),
  },
  {
    ...{ name: 'points', what: `a cloud of ${points} points`, encoder: cloudOf, rare: 4 },
    encode: () => cloudOf.encode(pointCloud, into, 0n, ''),
  },
  {
    ...{ name: 'range', what: 'a distance', encoder: range, rare: 0.1 },
    encode: (k) => range.encode(distanceOf[k % distances], into, 0n, ''),
  },
  {
    ...{ name: 'features', what: `a vector of ${vector} signed numbers`, encoder: features, rare: 1 },
    encode: () => features.encode({ values }, into, 0n, ''),
  },
  {
    ...{ name: 'events', what: `a window of ${events} events, as 28×28 counts`, encoder: dvs, rare: 10 },
    encode: () => dvs.encode(packet, into, ended, ''),
  },
];

/** @param {(typeof ours)[number]} sensor */
function ourRound({ encoder, encode, rare }) {
  const number = Math.ceil(messages / rare);
  const length = encoder.rows * encoder.columns;
  const start = process.cpuUsage();
  for (let k = 0; k < number; k++) encode(k);
  const { user, system } = process.cpuUsage(start);
  let sum = 0;
  for (let k = 0; k < scans; k++) {
    encode(k);
    for (let i = 0; i < length; i++) sum += (i + 1) * into[i];
  }
  return { each: (user + system) / number, bytes: String(sum) };
}

const results = [];
for (const sensor of ours) {
  const found = await byTurns(
    sensor.name,
    rounds,
    () => ourRound(sensor),
    () => nativeRound(sensor),
  );
  results.push({ what: sensor.what, ...found });
}
native.stdin.end();
rmSync(folder, { recursive: true });

const rows = results.map((each) => [each.what, words(each.ours), words(each.native), words(each.ratio)]);
const table = markdownTable(['message', 'ours [µs]', 'C [µs]', 'ours ÷ C'], rows);
const text = `${rounds} rounds of ${messages} messages, medians of the rounds (range), the same bytes\n\n${table}`;
process.stdout.write(json ? `${JSON.stringify({ machine: thisMachine(), rounds, messages, results })}\n` : text);
