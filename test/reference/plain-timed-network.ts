import type { OperationCounts } from '../../src/snn/operation-counts.js';
import type { TimedBaseline } from '../../src/snn/timed/timed-baseline.js';
import type { TimedParameters } from '../../src/snn/timed/timed-parameters.js';
import { add, multiply, subtract } from './float32.js';
import { readSample } from './plain-encoder.js';
import type { PlainShape } from './plain-network.js';
import { plainStream, weightStream } from './plain-random.js';
import { perIntensity, plainCurrent, plainPhases, plainSpikes } from './plain-spikes.js';
import { normalise, PlainRules, type PlainTiming } from './plain-timed-plasticity.js';

/** The result of a presentation. */
export interface PlainTimedResult {
  readonly timestepsRun: number;
  readonly learned: boolean;
  readonly silent: boolean;
  readonly fired: Map<number, number>;
  /** Step and neuron of every output spike. */
  readonly spikes: readonly (readonly [number, number])[];
  /** The neuron that came nearest, when none fired. */
  readonly nearest: number | undefined;
  readonly operations: OperationCounts;
}

/** Spikes in time as slow, plain scalar code, one neuron after the other. */
export class PlainTimedNetwork {
  /** Weights by neuron, inputs in scan order. */
  readonly columns: number[][];
  readonly theta: number[];
  readonly c: TimedBaseline;
  readonly #phases: (rank: number) => number;
  #learned = 0;

  constructor(
    readonly shape: PlainShape,
    baseline: TimedBaseline,
    readonly seed: number,
  ) {
    this.c = Object.fromEntries(
      Object.entries(baseline).map(([name, value]) => [name, typeof value === 'number' ? Math.fround(value) : value]),
    ) as unknown as TimedBaseline;
    const inputs = shape.rows * shape.columns;
    const stride = Math.ceil(shape.neurons / 4) * 4;
    const draw = plainStream(seed, weightStream);
    this.columns = Array.from({ length: shape.neurons }, (_, j) =>
      Array.from({ length: inputs }, (_, i) =>
        multiply(Math.fround(0.3), multiply(draw(i * stride + j) >>> 8, 2 ** -24)),
      ),
    );
    for (const column of this.columns) normalise(column, this.c.columnSum);
    this.theta = Array<number>(shape.neurons).fill(0);
    this.#phases = plainPhases(seed);
  }

  /** @param exit - is called for every spike while not learning; true ends the sample */
  present(
    pixels: Uint8Array,
    p: TimedParameters,
    options: { readonly learn: boolean; readonly sample: number; readonly exit: (neuron: number) => boolean },
  ): PlainTimedResult {
    const { rows, columns, polarity } = this.shape;
    const { x, total } = readSample(pixels, rows, columns, polarity);
    const inputs = x.flatMap((value, rank) => (value > 0 ? [{ rank, x: value }] : []));
    const operations = nothing();
    const timing: PlainTiming = {
      ...{ inputs, total, lastPre: inputs.map(() => undefined), preSpikes: inputs.map(() => 0) },
      ...{ lastPost: new Map<number, number>(), spikes: new Map<number, number>() },
    };
    const presentation = {
      learned: options.learn,
      silent: false,
      fired: timing.spikes,
      operations,
      nearest: undefined,
    };
    if (total === 0) return { ...presentation, learned: false, silent: true, timestepsRun: 0, spikes: [] };
    const { v, firing, spikes, ran } = this.#run(timing, p, options, operations);
    const margins = v.map((value, j) => subtract(value, firing[j]));
    const nearest = spikes.length === 0 ? margins.indexOf(Math.max(...margins)) : undefined;
    if (options.learn) this.#end(timing, p, operations);
    this.#count(operations, inputs.length, ran);
    return { ...presentation, timestepsRun: ran, spikes, nearest };
  }

  #run(
    timing: PlainTiming,
    p: TimedParameters,
    options: { readonly learn: boolean; readonly sample: number; readonly exit: (neuron: number) => boolean },
    operations: OperationCounts,
  ): { v: number[]; firing: number[]; spikes: [number, number][]; ran: number } {
    const { c, columns, theta } = this;
    const { inputs, lastPre, preSpikes } = timing;
    const rules = new PlainRules(c, columns, timing);
    const unit = (value: number): number => multiply(value, p.unit);
    const firing = theta.map((value) => unit(add(c.threshold, value)));
    const v = theta.map(() => 0);
    const restUntil = theta.map(() => -1);
    const spikes: [number, number][] = [];
    const rate = perIntensity(p.density, timing.total);
    const current = c.encoding === 'direct' ? columns.map((column) => plainCurrent(inputs, column, rate)) : undefined;
    const random = { draw: plainStream(this.seed, options.sample), phases: this.#phases };
    let t = -1;
    for (const spiked of plainSpikes(inputs, c.encoding, { steps: p.steps, perIntensity: rate, ...random })) {
      t++;
      for (const k of spiked) {
        lastPre[k] = t;
        preSpikes[k]++;
      }
      operations.inputSpikes += spiked.length;
      v.forEach((value, j) => {
        const sum = current ? current[j] : spiked.reduce((s, k) => add(s, columns[j][inputs[k].rank]), 0);
        const leaked = multiply(value, p.decay);
        v[j] = t <= restUntil[j] ? leaked : add(leaked, sum);
      });
      if (options.learn && c.rule === 'pair') operations.plasticityUpdates += rules.depress(t, spiked);
      const margins = v.map((value, j) => subtract(value, firing[j]));
      const w = margins.indexOf(Math.max(...margins));
      const fires = margins[w] >= 0;
      if (fires) {
        v.forEach((value, j) => (v[j] = subtract(value, unit(c.inhibition))));
        v[w] = unit(c.reset);
        restUntil[w] = t + p.refractory;
        spikes.push([t, w]);
        timing.spikes.set(w, (timing.spikes.get(w) ?? 0) + 1);
        timing.lastPost.set(w, t);
        operations.outputSpikes++;
        if (options.learn) {
          theta[w] = add(theta[w], c.thetaPlus);
          firing[w] = unit(add(c.threshold, theta[w]));
          if (c.rule !== 'adaptive') operations.plasticityUpdates += rules.potentiate(w, t, c.ratePost);
        } else if (options.exit(w)) break;
      }
      if (options.learn && c.rule === 'adaptive' && (t + 1) % p.window === 0) {
        operations.plasticityUpdates += rules.endWindow(t, p.window);
      }
    }
    return { v, firing, spikes, ran: t + 1 };
  }

  #end(timing: PlainTiming, p: TimedParameters, operations: OperationCounts): void {
    this.#learned++;
    const fades = this.c.rule === 'adaptive' && this.#learned % 32 === 0;
    if (fades)
      this.columns.forEach((column, j) => (this.columns[j] = column.map((w) => multiply(w, this.c.weightKeep))));
    for (const j of timing.spikes.keys()) normalise(this.columns[j], this.c.columnSum);
    this.theta.forEach((value, j) => (this.theta[j] = multiply(value, p.thetaDecay)));
    const rescaled = timing.spikes.size + (fades ? this.columns.length : 0);
    operations.normalisationUpdates = rescaled * this.columns[0].length;
    operations.thresholdUpdates = this.theta.length;
  }

  #count(operations: OperationCounts, active: number, ran: number): void {
    const { encoding } = this.c;
    const neurons = this.theta.length;
    if (encoding === 'direct') operations.inputSpikes = active;
    operations.encoderUpdates = encoding === 'poisson' || encoding === 'regular' ? active * ran : active;
    operations.synapticEvents = operations.inputSpikes * neurons;
    operations.neuronUpdates = ran * neurons;
  }
}

function nothing(): OperationCounts {
  return {
    inputSpikes: 0,
    encoderUpdates: 0,
    synapticEvents: 0,
    neuronUpdates: 0,
    plasticityUpdates: 0,
    normalisationUpdates: 0,
    thresholdUpdates: 0,
    labelUpdates: 0,
    outputSpikes: 0,
  };
}
