import type { LeanBaseline } from '../../src/snn/lean/lean-baseline.js';
import { add, divide, multiply, subtract } from './float32.js';
import type { PlainNeuron } from './plain-neuron.js';

/** to_c += weight P_jc. */
export function addShare(to: number[], neuron: PlainNeuron, weight: number, c: LeanBaseline): void {
  const own = divide(weight, add(neuron.evidenceSum, c.lambda));
  const heard = multiply(own, c.lambda);
  to.forEach((vote, y) => {
    to[y] = add(vote, add(multiply(own, neuron.evidence[y]), multiply(heard, neuron.message[y])));
  });
}

/** Step 10 for one neuron that fired n times. */
export function creditSpikes(neuron: PlainNeuron, y: number, n: number, c: LeanBaseline): void {
  let part = 1;
  for (let k = 0; k < n; k++) part = multiply(part, c.forget);
  neuron.evidence.forEach((known, other) => (neuron.evidence[other] = multiply(known, part)));
  neuron.evidenceSum = multiply(neuron.evidenceSum, part);
  addEvidence(neuron, y, n);
}

/** Silence confirms class y for one neuron that fired n times. */
export function confirmSpikes(neuron: PlainNeuron, y: number, n: number, eps: number, c: LeanBaseline): void {
  const keep = subtract(1, multiply(eps, subtract(1, Math.fround(c.forget))));
  let part = 1;
  for (let k = 0; k < n; k++) part = multiply(part, keep);
  neuron.evidence.forEach((known, other) => (neuron.evidence[other] = multiply(known, part)));
  neuron.evidenceSum = multiply(neuron.evidenceSum, part);
  addEvidence(neuron, y, multiply(eps, n));
}

/** Step 10 for the q-th nearest neuron, q from 1. */
export function creditNearness(neuron: PlainNeuron, y: number, q: number): void {
  addEvidence(neuron, y, divide(divide(1, q), add(1, neuron.evidenceSum)));
}

/** Evidence for a class. The owner changes only for a strictly larger one. */
export function addEvidence(neuron: PlainNeuron, y: number, amount: number): void {
  neuron.evidence[y] = add(neuron.evidence[y], amount);
  neuron.evidenceSum = add(neuron.evidenceSum, amount);
  if (neuron.owner < 0 || neuron.evidence[y] > neuron.evidence[neuron.owner]) neuron.owner = y;
}

/** Step 13 among the nearest, best first. */
export function spread(nearest: readonly PlainNeuron[], classes: number, c: LeanBaseline): void {
  const shares = nearest.map((neuron, rank) => {
    const share = Array<number>(classes).fill(0);
    addShare(share, neuron, divide(1, rank + 1), c);
    return share;
  });
  const sums = shares.reduce(
    (sum, share) => sum.map((value, y) => add(value, share[y])),
    Array<number>(classes).fill(0),
  );
  const weights = nearest.reduce((sum, _, rank) => add(sum, divide(1, rank + 1)), 0);
  nearest.forEach((neuron, rank) => {
    const others = divide(1, subtract(weights, divide(1, rank + 1)));
    sums.forEach((sum, y) => {
      const heard = multiply(subtract(sum, shares[rank][y]), others);
      neuron.message[y] = add(neuron.message[y], multiply(c.spreadRate, subtract(heard, neuron.message[y])));
    });
  });
}
