import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { timedPresenter } from '../../../src/classifier/network-binding.js';
import { hilbertScan } from '../../../src/snn/lean/hilbert-scan.js';
import type { SpikeEncoding } from '../../../src/snn/timed/timed-baseline.js';
import { TimedNetwork } from '../../../src/snn/timed/timed-network.js';
import { leanPoint } from '../../../src/timestep/policy/lean-policy.js';
import { timedParameters, timedExponents, type TimedPolicyName } from '../../../src/timestep/policy/timed-policy.js';
import { placeEvents, readSample } from '../../../test/reference/plain-encoder.js';
import { compareNir } from '../../src/nir/compare-nir.js';
import { networkToNir } from '../../src/nir/network-to-nir.js';
import { decodeNir, encodeNir } from '../../src/nir/nir-file.js';
import { nirVersion, type NirGraph } from '../../src/nir/nir-graph.js';
import type { StoredClassifier } from '../../src/training/evaluate-run.js';
import { trainRun } from '../../src/training/train-run.js';
import { bars } from '../training/bars.js';
import { stepGraph } from './euler.js';

const dataset = bars(600, 60);
const neurons = 20;
const seed = 3;
const rule = 'pair' as const;

/** A network that learned bars, and its graph. */
function learned(policy: TimedPolicyName | 'lean', timesteps: number, encoding: SpikeEncoding = 'poisson') {
  const point = leanPoint(neurons, { timesteps, keep: neurons });
  const timed = policy === 'lean' ? undefined : { policy, rule, encoding, labelSamples: 300 };
  const run = { neurons, point, samples: 300, testSamples: 1, labels: 1, seed, image: 'plain' as const };
  const { classifier, stream } = trainRun(dataset, { ...run, ...(timed && { timed }) }, () => undefined);
  const { rows, columns } = stream;
  const stored: StoredClassifier = {
    ...{ classifier, policy, neurons, rows, columns, sensors: undefined },
    ...(timed && { timed: { ...timed, seed } }),
  };
  const sample = (k: number): Uint8Array => {
    const into = new Uint8Array(rows * columns);
    stream.encode(dataset.test, k, into);
    return into;
  };
  return { stored, point, sample, graph: networkToNir(stored, point) };
}

/** Spikes or current of a sample, as the input of the graph in each step. */
function drawn(options: { policy: TimedPolicyName; encoding: SpikeEncoding; timesteps: number }) {
  const shape = { neurons, rows: dataset.rows, columns: dataset.columns, classes: 2, polarity: false };
  const binding = timedPresenter(shape, { ...options, rule, seed });
  const { density } = timedParameters(timedExponents[options.policy], options.timesteps, 0);
  return (sample: Uint8Array, number: number): ((t: number) => Float64Array) => {
    const constant = new Float64Array(sample.length);
    const total = sample.reduce((a, b) => a + b, 0);
    if (options.encoding === 'direct') sample.forEach((x, i) => (constant[i] = Math.min(1, (density * x) / total)));
    binding.begin(sample, leanPoint(neurons, { timesteps: options.timesteps }), false, number);
    if (!(binding.network instanceof TimedNetwork)) return expect.fail('no spikes in time');
    const { before, inputs } = binding.network.inputSpikes(options.timesteps);
    binding.network.end();
    return (t) => {
      if (options.encoding === 'direct') return constant;
      const x = new Float64Array(sample.length);
      for (const input of inputs.subarray(before[t], before[t + 1])) x[input] = 1;
      return x;
    };
  };
}

const answerOf = (votes: readonly number[]): number => votes.indexOf(Math.max(...votes));

describe('networkToNir', () => {
  it.each([
    // Not `ttfs`: with it, so small a network never fires.
    ...(['poisson', 'regular', 'direct'] as const).map(
      (encoding) => ({ policy: 'none', timesteps: 350, encoding }) as const,
    ),
    { policy: 'rate', timesteps: 50, encoding: 'regular' } as const,
    { policy: 'paper', timesteps: 100, encoding: 'poisson' } as const,
  ])('gives a graph that decides as topspark from the same spikes: $policy, $encoding, T $timesteps', (options) => {
    const { stored, point, sample, graph } = learned(options.policy, options.timesteps, options.encoding);
    const { classifier } = stored;
    const draw = drawn(options);
    let fired = 0;
    for (let k = 0; k < dataset.test.count; k++) {
      const pixels = sample(k);
      const { label, operations } = classifier.probe(pixels, point, k);
      const { spikes, votes } = stepGraph(graph, draw(pixels, k));
      const all = spikes.reduce((a, b) => a + b, 0);
      expect(all).toBe(operations.outputSpikes);
      if (all === 0) continue;
      fired++;
      expect(classifier.classes[answerOf(votes)]).toBe(label);
    }
    expect(fired).toBeGreaterThan(dataset.test.count / 2);
    expect(graph.metadata['refractory_steps']).toBe({ none: 5, paper: 1, rate: 0 }[options.policy]);
    expect(String(graph.metadata['left_out']).startsWith('rest: ')).toBe(options.policy !== 'rate');
  });

  it.each([8, 35, 350])('gives a graph that fires as lean without elimination, T %i', (timesteps) => {
    const { stored, point, sample, graph } = learned('lean', timesteps);
    const { classifier, rows, columns } = stored;
    const scan = hilbertScan(rows, columns);
    let fired = 0;
    for (let k = 0; k < dataset.test.count; k++) {
      const pixels = sample(k);
      // The share of each input among the drawn events.
      const { first, later } = placeEvents(readSample(pixels, rows, columns, true), point.events);
      const x = new Float64Array(pixels.length);
      scan.forEach((input, rank) => (x[input] = (first[rank] + later[rank]) / point.events));
      const { operations } = classifier.probe(pixels, point, k);
      const { spikes } = stepGraph(graph, () => x);
      const all = spikes.reduce((a, b) => a + b, 0);
      expect(all).toBe(operations.outputSpikes);
      fired += all;
    }
    expect(fired).toBeGreaterThan(dataset.test.count);
  });

  it('refuses a network that has learned nothing, or has no labels', () => {
    const { stored, point } = learned('lean', 35);
    const { classifier } = stored;
    const without = { classes: [] as readonly string[], neuronsUsed: classifier.neuronsUsed };
    const export_ = (told: object): unknown =>
      networkToNir({ ...stored, classifier: told as typeof classifier }, point);
    expect(() => export_(without)).toThrow('the checkpoint has heard no class, expected one that has learned');
    expect(() => export_({ ...without, neuronsUsed: 0 })).toThrow('the checkpoint has no neuron that has formed');
  });
});

describe('encodeNir and decodeNir', () => {
  it('preserve every number and name', async () => {
    const { graph } = learned('none', 350);
    const read = await decodeNir(await encodeNir(graph), 'net.nir');
    expect(read).toEqual({ version: nirVersion, graph });
  });

  it('read a file that PyPI’s nir wrote', async () => {
    const file = new URL('fixtures/by-nir-1.0.8.nir', import.meta.url);
    const { version, graph } = await decodeNir(readFileSync(file), 'by-nir.nir');
    expect(version).toBe('1.0.8');
    expect(graph.edges).toEqual([
      ['in', 'w'],
      ['w', 'lif'],
      ['lif', 'out'],
    ]);
    expect(graph.metadata).toEqual({ 'made by': 'nir 1.0.8', count: 3 });
    expect(graph.nodes['w']).toMatchObject({ type: 'Affine', parameters: { weight: { shape: [2, 3] } } });
    expect([...graph.nodes['w'].parameters['weight'].data]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...graph.nodes['lif'].parameters['tau'].data]).toEqual([0.02, 0.02].map(Math.fround));
    expect([...graph.nodes['in'].parameters['shape'].data]).toEqual([3n]);
  });

  it('refuse a file that is no graph, or truncated anywhere, in one sentence', async () => {
    const { graph } = learned('lean', 35);
    const bytes = await encodeNir(graph);
    const refusal = (found: Uint8Array) =>
      decodeNir(found, 'net.nir').then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
    expect(await refusal(new Uint8Array())).toMatch(/^net\.nir is no HDF5 file, expected a graph of NIR/);
    expect(await refusal(Buffer.from('my notes'))).toMatch(/^net\.nir is no HDF5 file, expected/);
    for (let length = 8; length < bytes.length; length += Math.ceil(bytes.length / 40)) {
      expect(await refusal(bytes.subarray(0, length))).toMatch(/^net\.nir is cut off or damaged, expected a graph/);
    }
    // An inverted byte is either refused or changes what is read, and has no other effect.
    for (let at = 8; at < bytes.length; at += Math.ceil(bytes.length / 200)) {
      const damaged = bytes.slice();
      damaged[at] ^= 0xff;
      const said = await refusal(damaged);
      if (said !== undefined) expect(said).toMatch(/^net\.nir (is|has|holds) [^\n]*$/);
    }
  });

  it('refuse a later version of NIR', async () => {
    const { graph } = learned('lean', 35);
    const bytes = Buffer.from(await encodeNir(graph));
    const at = bytes.indexOf(nirVersion);
    bytes.write('2', at);
    await expect(decodeNir(bytes, 'net.nir')).rejects.toMatchObject({
      code: 'nir_version',
      message: `net.nir is of version "2.0.8" of NIR, expected 1, such as ${nirVersion}`,
    });
  });
});

describe('compareNir', () => {
  const { graph } = learned('none', 350);
  const changed = (node: string, name: string, change: (data: Float32Array) => Float32Array): NirGraph => {
    const { type, parameters } = graph.nodes[node];
    const array = { ...parameters[name], data: change((parameters[name].data as Float32Array).slice()) };
    return { ...graph, nodes: { ...graph.nodes, [node]: { type, parameters: { ...parameters, [name]: array } } } };
  };

  it('finds no difference in equal graphs', () => {
    const { differences, changed: off, largest, numbers } = compareNir(graph, graph);
    expect({ differences, off, largest }).toEqual({ differences: [], off: 0, largest: 0 });
    expect(numbers).toBe(20 * 64 + 20 * 20 + 2 * 20 + 5 * 20 + 2);
  });

  it('reports the deviation of numbers', () => {
    const rounded = changed('synapses', 'weight', (data) => data.map((w, k) => (k === 5 ? w + 1 : w)));
    const most = Math.max(...(graph.nodes['synapses'].parameters['weight'].data as Float32Array));
    expect(compareNir(graph, rounded)).toMatchObject({ differences: [], changed: 1 });
    expect(compareNir(graph, rounded).largest).toBeCloseTo(1 / most, 3);
    const none = changed('neurons', 'tau', (data) => data.fill(NaN));
    expect(compareNir(graph, none)).toMatchObject({ changed: 20, largest: Infinity });
  });

  it('names nodes, edges and shapes that differ', () => {
    const { evidence, ...nodes } = graph.nodes;
    const wide = { shape: [2, 10], data: new Float32Array(20) };
    const other: NirGraph = {
      metadata: {},
      edges: [...graph.edges.slice(1), ['input', 'extra']],
      nodes: {
        ...nodes,
        extra: evidence,
        output: { ...nodes['output'], type: 'Threshold' },
        inhibition: { type: 'Linear', parameters: {} },
        synapses: { type: 'Linear', parameters: { weight: wide } },
      },
    };
    expect(compareNir(graph, other).differences).toEqual([
      'node extra is more',
      'synapses.weight has the shape [2, 10], expected [20, 64]',
      'inhibition.weight is missing',
      'node evidence is missing',
      'node output is Threshold, expected Output',
      'edge input → synapses is missing',
      'edge input → extra is more',
    ]);
  });
});
