import type { TimedBaseline } from '../../src/snn/timed/timed-baseline.js';
import { add, divide, multiply, subtract, sumOverInputs } from './float32.js';
import type { PlainInput } from './plain-spikes.js';

/** The state of plasticity within a sample. */
export interface PlainTiming {
  readonly inputs: readonly PlainInput[];
  readonly total: number;
  /** By active input: step of the last spike, undefined: none; spikes. */
  readonly lastPre: (number | undefined)[];
  readonly preSpikes: number[];
  /** By neuron that has fired, in the order of first spikes: step of the last spike; spikes. */
  readonly lastPost: Map<number, number>;
  readonly spikes: Map<number, number>;
}

/**
 * The rules of spikes in time, one weight at a time, in columns by neuron. Each returns the weights that it changed.
 */
export class PlainRules {
  constructor(
    readonly c: TimedBaseline,
    readonly columns: readonly number[][],
    readonly sample: PlainTiming,
  ) {}

  /** A neuron gains. */
  potentiate(j: number, t: number, rate: number): number {
    const { inputs, lastPre } = this.sample;
    let touched = 0;
    inputs.forEach(({ rank }, k) => {
      const trace = this.#trace(k, t, lastPre[k]);
      if (trace === undefined) return;
      const column = this.columns[j];
      column[rank] = Math.min(1, add(column[rank], multiply(rate, trace)));
      touched++;
    });
    return touched;
  }

  /** Inputs that spiked now weaken at the neurons that have fired. */
  depress(t: number, spiked: readonly number[]): number {
    let touched = 0;
    for (const [j, last] of this.sample.lastPost) {
      const amount = multiply(this.c.ratePre, this.c.trace[t - last]);
      touched += this.#lose(j, amount, spiked);
    }
    return touched;
  }

  /** A window of the adaptive rule ends. */
  endWindow(t: number, window: number): number {
    const { lastPost, spikes, preSpikes, lastPre, inputs } = this.sample;
    const most = Math.max(0, ...spikes.values());
    const up = multiply(Math.ceil(divide(most, this.c.spikesPerFactor)), this.c.ratePost);
    const down = multiply(divide(most, Math.max(1, ...preSpikes)), this.c.ratePre);
    const spiked = [...inputs.keys()].filter((k) => this.c.encoding === 'direct' || lastPre[k] !== undefined);
    let touched = 0;
    for (const [j, last] of lastPost) {
      if (t - last < window) touched += this.potentiate(j, t, up);
      else touched += this.#lose(j, multiply(down, this.c.trace[t - last]), spiked);
    }
    return touched;
  }

  #lose(j: number, amount: number, inputs: readonly number[]): number {
    for (const k of inputs) {
      const { rank } = this.sample.inputs[k];
      this.columns[j][rank] = Math.max(0, subtract(this.columns[j][rank], amount));
    }
    return inputs.length;
  }

  #trace(k: number, t: number, last: number | undefined): number | undefined {
    const { inputs, total } = this.sample;
    const { x } = inputs[k];
    if (this.c.rule === 'expected') return divide(x, add(x, multiply(this.c.traceHalf, total)));
    if (this.c.encoding === 'direct') return multiply(x, divide(100, total));
    return last === undefined ? undefined : this.c.trace[t - last];
  }
}

/** A column is rescaled to the sum S and cut at 1; one of zeros becomes uniform. */
export function normalise(column: number[], columnSum: number): void {
  const sum = sumOverInputs(column);
  if (sum === 0) {
    column.fill(divide(columnSum, column.length));
    return;
  }
  const factor = divide(columnSum, sum);
  column.forEach((w, i) => (column[i] = Math.min(1, multiply(w, factor))));
}
