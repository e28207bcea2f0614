import type { LeanBaseline } from '../../src/snn/lean/lean-baseline.js';
import { add, divide, multiply, sumOverInputs } from './float32.js';
import type { PlainSample } from './plain-encoder.js';
import type { PlainNeuron } from './plain-neuron.js';

/** Step 8a. Returns whether the column was rewritten. */
export function potentiate(neuron: PlainNeuron, n: number, trace: readonly number[], c: LeanBaseline): boolean {
  const eta = Math.max(c.rateLast, divide(1, add(c.rateFirst, neuron.spikes)));
  const step = divide(multiply(n, eta), neuron.scale);
  const changes = trace.map((f) => multiply(step, f));
  changes.forEach((change, i) => (neuron.raw[i] = add(neuron.raw[i], change)));
  neuron.rawSum = add(neuron.rawSum, sumOverInputs(changes));
  neuron.scale = divide(c.columnSum, neuron.rawSum);
  neuron.spikes += n;
  if (neuron.scale >= Math.fround(0.001)) return false;
  neuron.raw.forEach((raw, i) => (neuron.raw[i] = multiply(raw, neuron.scale)));
  neuron.rawSum = sumOverInputs(neuron.raw);
  neuron.scale = divide(c.columnSum, neuron.rawSum);
  return true;
}

/** Step 8c. */
export function imprint(neuron: PlainNeuron, sample: PlainSample, trace: readonly number[], c: LeanBaseline): void {
  trace.forEach((f, i) => (neuron.raw[i] = f));
  neuron.rawSum = sumOverInputs(trace);
  neuron.scale = divide(c.columnSum, neuron.rawSum);
  const own = sumOverInputs(trace.map((f, i) => multiply(f, sample.x[i])));
  neuron.theta = multiply(multiply(multiply(c.imprintShare, neuron.scale), own), divide(100, sample.total));
  neuron.spikes = 1;
}
