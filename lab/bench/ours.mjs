// @ts-check
// Our side of every comparison: `node ours.mjs --way lean|none|rate --mode train|infer --neurons N --timesteps T`. It
// answers as lab/src/bench/contestant.ts expects. The whole call counts: sample in, spikes drawn, answer, votes, label,
// label buffer.
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const begin = performance.now();
const { loadDataset } = await import('../dist/datasets/dataset.js');
const { imageSamples } = await import('../dist/bench/engine/samples.js');
const { leanBenchPoint, Subject } = await import('../dist/bench/engine/subject.js');

const text = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({ options: { way: text, mode: text, neurons: text, timesteps: text } });
const neurons = Number(values.neurons);
const lean = values.way === 'lean';
const point = leanBenchPoint(neurons, lean ? {} : { timesteps: Number(values.timesteps) });
const dataset = loadDataset('mnist');
const images = imageSamples(dataset, dataset.train, 20_000);
const timed = /** @type {const} */ ({ policy: values.way === 'rate' ? 'rate' : 'none', encoding: 'poisson', seed: 1 });
const setup = { neurons, point, warmUp: lean ? 20_000 : 500, ...(lean ? {} : { timed }) };
const subject = new Subject('ours', images, setup);
const contender = values.mode === 'train' ? subject.train : subject.infer;
/** Samples for one entry of the answer. CPU time is measured in microseconds, so a single sample would be too short. */
const batch = lean ? 1000 : 20;

/** @param {object} told */
const answer = (told) => {
  const memory_mb = Math.round(process.memoryUsage().rss / 1e6);
  process.stdout.write(`${JSON.stringify({ ...told, memory_mb })}\n`);
};
answer({ ready: true, start_seconds: (performance.now() - begin) / 1000 });
for await (const line of createInterface({ input: process.stdin })) {
  const cpu_ms = Array.from({ length: Number(line) }, () => {
    const start = process.cpuUsage();
    contender.run(batch);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / batch;
  });
  const { outputSpikes, inputSpikes } = subject.operations(values.mode === 'train', 20);
  answer({ cpu_ms, output_spikes: outputSpikes, input_spikes: inputSpikes });
}
