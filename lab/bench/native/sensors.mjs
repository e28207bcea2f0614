// @ts-check
// The encoders of a laser and of an inertial sensor in plain C (sensors.c) compared with ours: CPU time of a message,
// in turns in one run, with the same bytes.
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
let state = 1;
const draw = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return (state >>> 8) / 16_777_216;
};
const ranges = Array.from({ length: scans }, () => Float32Array.from({ length: beams }, () => 0.5 + 11 * draw()));
const motion = Array.from({ length: window }, () => Array.from({ length: 6 }, () => 4 * draw() - 2));

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

/** @param {string} name */
async function nativeRound(name) {
  native.stdin.write(`${name} ${messages}\n`);
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
const { encoder: scan } = sensorEncoder({ name: 'scan' });
const { encoder: imu } = sensorEncoder({ name: 'imu' });
moved.forEach((message, k) => imu.hear?.(message, 10_000_000n * BigInt(k)));
const last = 10_000_000n * BigInt(window - 1);
const into = new Uint8Array(Math.max(scan.columns, imu.columns));
const ours = [
  {
    name: 'scan',
    what: `a scan of ${beams} beams`,
    length: scan.columns,
    encode: (/** @type {number} */ k) => {
      scan.encode(turns[k % scans], into, 0n, '');
    },
  },
  {
    name: 'imu',
    what: `a window of ${window} inertial messages`,
    length: imu.columns,
    encode: () => {
      imu.encode(moved[window - 1], into, last, '');
    },
  },
];

/** @param {(typeof ours)[number]} sensor */
function ourRound({ length, encode }) {
  const start = process.cpuUsage();
  for (let k = 0; k < messages; k++) encode(k);
  const { user, system } = process.cpuUsage(start);
  let sum = 0;
  for (let k = 0; k < scans; k++) {
    encode(k);
    for (let i = 0; i < length; i++) sum += (i + 1) * into[i];
  }
  return { each: (user + system) / messages, bytes: String(sum) };
}

const results = [];
for (const sensor of ours) {
  const found = await byTurns(
    sensor.name,
    rounds,
    () => ourRound(sensor),
    () => nativeRound(sensor.name),
  );
  results.push({ what: sensor.what, ...found });
}
native.stdin.end();
rmSync(folder, { recursive: true });

const rows = results.map((each) => [each.what, words(each.ours), words(each.native), words(each.ratio)]);
const table = markdownTable(['message', 'ours [µs]', 'C [µs]', 'ours ÷ C'], rows);
const text = `${rounds} rounds of ${messages} messages, medians of the rounds (range), the same bytes\n\n${table}`;
process.stdout.write(json ? `${JSON.stringify({ machine: thisMachine(), rounds, messages, results })}\n` : text);
