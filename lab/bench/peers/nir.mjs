// @ts-check
// Runs what `topspark export` writes in another simulator, on the same test images with the same input spikes, and
// counts equal decisions.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { timedPresenter } from 'topspark/classifier/network-binding.js';
import { TimedNetwork } from 'topspark/snn/timed/timed-network.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { timedEncodings } from 'topspark/timestep/policy/timed-policy.js';
import { standardTimesteps } from '../../dist/cli/training-defaults.js';
import { loadDataset } from '../../dist/datasets/dataset.js';
import { thisMachine } from '../../dist/bench/engine/machine.js';
import { environmentsFolder, pythonEnvironment } from '../../dist/bench/python-environment.js';
import { networkToNir } from '../../dist/nir/network-to-nir.js';
import { encodeNir } from '../../dist/nir/nir-file.js';
import { markdownTable } from '../../dist/report/markdown-table.js';
import { trainRun } from '../../dist/training/train-run.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const policies = /** @type {const} */ (['none', 'rate', 'paper', 'lean']);
const seed = 1;
/** Numbers of test samples from here on; they decide the spikes that are drawn. */
const firstNumber = 1_000_000;

const usage = `node lab/bench/peers/nir.mjs [options]
  --policies NAMES  of ${policies.join(', ')}  (none,rate,lean)
  --neurons N       (400)
  --samples N       learned (20000)
  --test-samples N  decided by both (10000)
  --environments F  where the virtual environment is made (lab/bench/peers/.venv)
  --json            one JSON object on standard output
`;

const text = /** @param {string} value */ (value) => /** @type {const} */ ({ type: 'string', default: value });
const { values: given } = parseArgs({
  options: {
    policies: text('none,rate,lean'),
    neurons: text('400'),
    samples: text('20000'),
    'test-samples': text('10000'),
    environments: text(environmentsFolder),
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const names = policies.filter((name) => given.policies.split(',').includes(name));
if (given.help || names.length !== given.policies.split(',').length) {
  (given.help ? process.stdout : process.stderr).write(usage);
  process.exit(given.help ? 0 : 2);
}

const python = pythonEnvironment(given.environments, 'norse');
const dataset = loadDataset('mnist');
const neurons = Number(given.neurons);
const count = Math.min(Number(given['test-samples']), dataset.test.count);
const results = [];
for (const policy of names) {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-nir-'));
  try {
    results.push({ policy, ...(await compare(policy, folder)) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const result = { machine: thisMachine(), neurons, learned: Number(given.samples), results };
process.stdout.write(given.json ? `${JSON.stringify(result)}\n` : table(result));

/**
 * Trains, exports, and lets both decide.
 * @param {(typeof policies)[number]} policy
 * @param {string} folder
 */
async function compare(policy, folder) {
  process.stderr.write(`${policy}: learning ${given.samples} samples\n`);
  const timesteps = standardTimesteps(policy);
  const point = leanPoint(neurons, { timesteps });
  const options = { neurons, point, samples: Number(given.samples), testSamples: 1, labels: 1, seed };
  const image = /** @type {const} */ ('plain');
  const timed = policy === 'lean' ? undefined : timedOf(policy);
  const { classifier, stream } = trainRun(dataset, { ...options, image, ...(timed && { timed }) }, () => undefined);
  const { rows, columns } = stream;
  const stored = {
    ...{ classifier, policy, neurons, rows, columns, sensors: undefined },
    ...(timed && { timed: { ...timed, seed } }),
  };
  const begin = performance.now();
  const bytes = await encodeNir(networkToNir(stored, point));
  const seconds = (performance.now() - begin) / 1000;
  const graph = join(folder, 'graph.nir');
  writeFileSync(graph, bytes);
  process.stderr.write(`${policy}: deciding ${count} samples\n`);
  record(stored, stream, point, folder);
  process.stderr.write(`${policy}: the same in Norse\n`);
  const args = [join(here, 'nir_peer.py'), '--graph', graph, '--samples', folder];
  const lines = execFileSync(python, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
    .trim()
    .split('\n');
  return {
    timesteps,
    exportSeconds: seconds,
    exportBytes: statSync(graph).size,
    ...JSON.parse(lines[lines.length - 1]),
  };
}

/**
 * Settings of spikes in time, as `topspark train` chooses them.
 * @param {Exclude<(typeof policies)[number], 'lean'>} policy
 */
function timedOf(policy) {
  const rule = /** @type {const} */ ('pair');
  return { policy, rule, encoding: timedEncodings[policy], labelSamples: 10_000 };
}

/**
 * Decides the test samples, and writes the inputs of the network and its decisions.
 * @param {import('../../dist/training/evaluate-run.js').StoredClassifier} stored
 * @param {import('../../dist/training/sample-stream.js').SampleStream} stream
 * @param {import('topspark/timestep/policy/operating-point.js').OperatingPoint} point
 * @param {string} folder
 */
function record({ classifier, timed, neurons: size, rows, columns }, stream, point, folder) {
  mkdirSync(folder, { recursive: true });
  const shape = { neurons: size, rows, columns, classes: 64, polarity: false };
  const drawn = timed && timedPresenter(shape, timed);
  const [answers, truths, fired] = [new Uint8Array(count), new Uint8Array(count), new Uint8Array(count)];
  const sample = new Uint8Array(rows * columns);
  const shares = new Float32Array(drawn ? 0 : count * sample.length);
  const [before, spikes] = [/** @type {Uint32Array[]} */ ([]), /** @type {Uint16Array[]} */ ([])];
  for (let k = 0; k < count; k++) {
    stream.encode(dataset.test, k, sample);
    const { label, operations } = classifier.probe(sample, point, firstNumber + k);
    answers[k] = classifier.classes.indexOf(label);
    truths[k] = classifier.classes.indexOf(dataset.classNames[dataset.test.labels[k]]);
    fired[k] = Number(operations.outputSpikes > 0);
    if (drawn) {
      drawn.begin(sample, point, false, firstNumber + k);
      if (!(drawn.network instanceof TimedNetwork)) throw new Error('no spikes in time');
      const told = drawn.network.inputSpikes(point.timesteps);
      before.push(told.before);
      spikes.push(told.inputs);
      drawn.network.end();
    } else {
      const sum = sample.reduce((a, b) => a + b, 0);
      sample.forEach((x, i) => (shares[k * sample.length + i] = x / sum));
    }
  }
  const write = (/** @type {string} */ name, /** @type {readonly ArrayBufferView[]} */ parts) => {
    const all = parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
    writeFileSync(join(folder, name), Buffer.concat(all));
  };
  write('answers.u8', [answers]);
  write('truths.u8', [truths]);
  write('fired.u8', [fired]);
  if (!drawn) return write('shares.f32', [shares]);
  write('before.u32', before);
  write('spikes.u16', spikes);
}

/** @param {typeof result} told */
function table({ neurons: size, learned, results: lines }) {
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(2)} %`;
  const rows = lines.map(({ policy, timesteps, exportBytes, exportSeconds, topspark, imported, ruled }) => [
    `${policy}, T ${timesteps}`,
    `${(exportBytes / 1e6).toFixed(2)} MB, ${exportSeconds.toFixed(2)} s`,
    percent(topspark.accuracy),
    `${percent(imported.equal)} (${percent(imported.accuracy)})`,
    `${percent(ruled.equal)} (${percent(ruled.accuracy)})`,
  ]);
  const head = ['network', 'export', 'right, topspark', 'the same as imported (right)', 'with the two rules (right)'];
  return `N = ${size}, ${learned} samples learned, ${count} test images, Norse 1.1.0\n\n${markdownTable(head, rows)}`;
}
