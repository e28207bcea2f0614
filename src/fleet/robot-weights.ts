import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import type { ReadContribution } from './contribution.js';
import { calibrationNumbers, type LearnedSums } from './learned.js';

// A robot's weight, 0..1, multiplies every sum that it brings into a merge: evidence, spikes, labels, counts and the
// statistics of its linear readout. Weights, thresholds and messages are means, in which it counts less. Robots get the
// same network only with the same weights.

/** Weights of robots by name; a robot that is not listed weighs 1. */
export type RobotWeights = ReadonlyMap<string, number>;

/**
 * Reads weights, such as `robot3=0.5, robot4=0`.
 *
 * @throws TopsparkError `fleet_weights`
 */
export function robotWeights(text: string): RobotWeights {
  const weights = new Map<string, number>();
  for (const each of text.split(',').map((part) => part.trim())) {
    if (each === '') continue;
    const found = /^([^\s=]{1,64})=(\d*\.?\d+)$/.exec(each);
    if (found === null || Number(found[2]) > 1 || weights.has(found[1])) {
      const expected = 'ROBOT=WEIGHT, each robot once, weights 0..1, separated by commas';
      throw new TopsparkError('fleet_weights', 'usage', `weights of robots have ${quoted(each)}, expected ${expected}`);
    }
    weights.set(found[1], Number(found[2]));
  }
  return weights;
}

/** What a robot has learned, with every sum multiplied by its weight. */
export function weighed(read: ReadContribution, weight: number): ReadContribution {
  if (weight === 1) return read;
  const { learned } = read;
  const scaled = (numbers: Float64Array): Float64Array => numbers.map((each) => weight * each);
  // The share of random labels and the threshold are means, which follow the counts.
  const means = [calibrationNumbers + 2, calibrationNumbers + 3];
  const less: LearnedSums = {
    ...learned,
    neurons: learned.neurons.map((neuron) => ({
      ...neuron,
      spikes: Math.round(weight * neuron.spikes),
      labelled: weight * neuron.labelled,
      expected: weight * neuron.expected,
      knows: neuron.knows.map((each) => ({ ...each, evidence: weight * each.evidence })),
    })),
    classNeurons: learned.classNeurons.map((each) => ({
      ...each,
      ...{ seen: weight * each.seen, labels: weight * each.labels, self: weight * each.self },
    })),
    counts: learned.counts.map((each, k) => (means.includes(k) ? each : weight * each)),
    partnerWeights: learned.partnerWeights.map((each) => weight * each),
    ...(learned.linear && {
      linear: {
        ...learned.linear,
        gram: scaled(learned.linear.gram),
        goals: learned.linear.goals.map(scaled),
      },
    }),
  };
  return { ...read, learned: less };
}
