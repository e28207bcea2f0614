import type { LeanBaseline } from '../../src/snn/lean/lean-baseline.js';
import type { LeanParameters } from '../../src/snn/lean/lean-parameters.js';
import { add, multiply, subtract } from './float32.js';

/** A neuron in the steps: id, a, and its θ. */
export interface PlainMember {
  readonly id: number;
  readonly drive: number;
  readonly theta: number;
}

/** The result of the steps. */
export interface PlainSteps {
  readonly steps: number;
  /** Id to spikes, in the order of first spikes. */
  readonly fired: Map<number, number>;
  /** Id to θ at the end, of those that fired. */
  readonly thetas: Map<number, number>;
}

/**
 * Step 7.
 *
 * @param fresh - id of the fresh neuron, whose spike ends the sample; undefined while not learning
 * @param spike - is called for every spike; true ends the steps
 */
export function runSteps(
  members: readonly PlainMember[],
  p: LeanParameters,
  c: LeanBaseline,
  options: { readonly learn: boolean; readonly fresh: number; readonly spike: (id: number) => boolean },
): PlainSteps {
  const thetas = new Map(members.map(({ id, theta }) => [id, theta]));
  const threshold = members.map(({ theta }) => add(c.threshold, theta));
  const margin = threshold.map((value) => -value);
  const push = members.map(({ drive }, m) => subtract(drive, multiply(p.leak, threshold[m])));
  const fired = new Map<number, number>();
  const end = (steps: number): PlainSteps => ({ steps, fired, thetas });
  if (members.length === 0) return end(0);
  for (let step = 1; step <= p.steps; step++) {
    margin.forEach((value, m) => (margin[m] = add(multiply(value, p.decay), push[m])));
    const w = margin.indexOf(Math.max(...margin));
    if (margin[w] < 0) continue;
    const { id } = members[w];
    const inhibition = threshold[w];
    margin.forEach((value, m) => (margin[m] = subtract(value, inhibition)));
    if (options.learn && id !== options.fresh) {
      const theta = add(thetas.get(id) ?? NaN, c.thetaPlus);
      thetas.set(id, theta);
      threshold[w] = add(c.threshold, theta);
      push[w] = subtract(push[w], multiply(p.leak, c.thetaPlus));
    }
    margin[w] = subtract(c.reset, threshold[w]);
    fired.set(id, (fired.get(id) ?? 0) + 1);
    if (options.spike(id)) return end(step);
  }
  return end(p.steps);
}
