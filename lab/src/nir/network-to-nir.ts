import { packageVersion } from 'topspark/base/package.js';
import { TopsparkError } from 'topspark/base/errors.js';
import { leanBaseline, leanParameters } from 'topspark/timestep/policy/lean-policy.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import {
  timedBaseline,
  timedEncodings,
  timedExponents,
  timedParameters,
} from 'topspark/timestep/policy/timed-policy.js';
import type { StoredClassifier } from '../training/evaluate-run.js';
import type { NirArray, NirGraph, NirNode } from './nir-graph.js';

// A network as a NIR graph. One forward Euler step of length Delta t equals one step of ours; d is the share of a
// voltage that remains after a step:
//
//   ours      v_j <- d v_j + g sum_i W_ij x_i ,  a spike where v_j >= Vth + theta_j, then v_j = Vreset, every other v -= inh
//   Euler     v_j <- v_j + (Delta t / tau)(v_leak - v_j + r I_j)
//
//   tau = Delta t / (1 - d) ,  r = 1 ,  v_leak = 0 ,  I_j = sum_i (g W_ij / (1 - d)) x_i - sum_w (d inh_w / (1 - d)) z_w
//
// z_w are the spikes of the previous step. The graph inhibits one step later than we do, so the amount is multiplied by
// d; nothing reads v_j in between. NIR compares with `>`, so each threshold is the float32 number just below ours. A
// simulator that integrates exactly uses tau = -Delta t / ln d, which is `exact_tau` in the metadata.

/** Delta t: length of a timestep [s]. */
const stepSeconds = 1e-3;

/** Constants of a step of the kernel, in units of the voltage. */
interface Dynamics {
  readonly decay: number;
  /** Factor of every weight. */
  readonly gain: number;
  readonly threshold: number;
  readonly reset: number;
  /** Amount by which a spike of a neuron with this theta lowers the voltages of the others. */
  readonly inhibition: (theta: number) => number;
  /** Steps after a spike in which a neuron takes no input. */
  readonly rest: number;
  /** Input of the graph in each step, in words. */
  readonly input: string;
  /** Properties for which the graph has no node, in words. */
  readonly leftOut: readonly string[];
}

/** Properties for which no graph has a node. */
const never = [
  'one spike a step: of several neurons that reach their thresholds in a step only the one that passes it farthest fires',
  'early exits: all T steps are run',
  'plasticity, labels and thresholds that grow: the network is frozen',
];

/**
 * Makes the graph input → synapses → neurons ⇄ inhibition, neurons → evidence → output. The output is the votes of a
 * step by class. The answer is the class with the largest sum over T steps.
 *
 * @param point - gives T; its other fields do not change the graph, apart from rounding
 * @throws TopsparkError `bad_state` where no neuron has formed or there is no class
 */
export function networkToNir(stored: StoredClassifier, point: OperatingPoint): NirGraph {
  const { classifier, neurons, rows, columns, policy, sensors } = stored;
  const inputs = rows * columns;
  const { classes, neuronsUsed } = classifier;
  const missing = neuronsUsed === 0 ? 'no neuron that has formed' : classes.length === 0 ? 'heard no class' : undefined;
  if (missing !== undefined) {
    const found = `the checkpoint has ${missing}`;
    throw new TopsparkError('bad_state', 'checkpoint', `${found}, expected one that has learned with labels`);
  }
  const dynamics = stored.timed ? timedDynamics(stored, point) : leanDynamics(stored, point);
  const { decay, gain, threshold, reset, inhibition, rest } = dynamics;
  const perDrive = 1 / (1 - decay);
  const synapses = new Float32Array(neurons * inputs);
  const lateral = new Float32Array(neurons * neurons);
  const evidence = new Float32Array(classes.length * neurons);
  const thresholds = new Float32Array(neurons);
  for (let j = 0; j < neurons; j++) {
    const { weights, theta, shares } = classifier.view.neuron(j);
    weights.forEach((weight, i) => (synapses[j * inputs + i] = gain * perDrive * weight));
    shares.forEach((share, c) => (evidence[c * neurons + j] = share));
    thresholds[j] = below(Math.fround(threshold + theta));
    const taken = Math.fround(-decay * perDrive * inhibition(theta));
    for (let other = 0; other < neurons; other++) if (other !== j) lateral[other * neurons + j] = taken;
  }
  const each = (value: number): NirArray => ({ shape: [neurons], data: new Float32Array(neurons).fill(value) });
  return {
    nodes: {
      input: boundary('Input', inputs),
      synapses: linear(neurons, inputs, synapses),
      neurons: {
        type: 'LIF',
        parameters: {
          tau: each(stepSeconds * perDrive),
          r: each(1),
          v_leak: each(0),
          v_threshold: { shape: [neurons], data: thresholds },
          v_reset: each(reset),
        },
      },
      inhibition: linear(neurons, neurons, lateral),
      evidence: linear(classes.length, neurons, evidence),
      output: boundary('Output', classes.length),
    },
    edges: [
      ['input', 'synapses'],
      ['synapses', 'neurons'],
      ['neurons', 'inhibition'],
      ['inhibition', 'neurons'],
      ['neurons', 'evidence'],
      ['evidence', 'output'],
    ],
    metadata: {
      writer: `topspark ${packageVersion()}`,
      policy,
      timesteps: point.timesteps,
      dt: stepSeconds,
      exact_tau: -stepSeconds / Math.log(decay),
      input: dynamics.input,
      output: 'votes of a step by class; summed over all timesteps, the largest is the answer',
      classes: JSON.stringify(classes),
      left_out: dynamics.leftOut.join('\n'),
      refractory_steps: rest,
      weights_sha256: classifier.hash(),
      ...(sensors !== undefined && { sensors: JSON.stringify(sensors) }),
    },
  };
}

function leanDynamics({ neurons, rows, columns }: StoredClassifier, point: OperatingPoint): Dynamics {
  const { threshold, reset } = leanBaseline({ neurons, rows, columns });
  const { decay, drive, events } = leanParameters(point);
  return {
    decay,
    gain: drive * events,
    threshold,
    reset,
    inhibition: (theta) => threshold + theta,
    rest: 0,
    input: 'share of each input in all intensities of the sample, x_i / sum x, the same in every step',
    leftOut: [
      'elimination: all neurons take part, where topspark reads all of a sample only for the K that promise most',
      'events: the input is the share itself, where topspark draws E events by it',
      'votes of the ten nearest neurons, class neurons and linear readout: only spikes vote',
      ...never,
    ],
  };
}

function timedDynamics({ neurons, rows, columns, timed }: StoredClassifier, point: OperatingPoint): Dynamics {
  const { policy = 'none', rule = 'pair', encoding, own } = timed ?? {};
  const spikes = encoding ?? timedEncodings[policy];
  const base = timedBaseline({ neurons, rows, columns }, rule, spikes);
  const { decay, unit, refractory, density } = timedParameters(
    own?.exponents ?? timedExponents[policy],
    point.timesteps,
    0,
  );
  const chance = `p_i = min(1, ${density} x_i / sum x)`;
  return {
    decay,
    gain: 1 / unit,
    threshold: base.threshold,
    reset: base.reset,
    inhibition: () => base.inhibition,
    rest: refractory,
    input: {
      poisson: `1 in a step in which an input spikes, with probability ${chance}`,
      regular: `1 in a step in which an input spikes: at regular distances of 1 / p_i, ${chance}`,
      direct: `${chance}, the same in every step`,
      ttfs: '1 in the step floor(T (max x - x_i) / max x) where 10 x_i >= max x',
    }[spikes],
    leftOut: [
      ...(refractory > 0 ? [`rest: a neuron takes no input in the ${refractory} steps after its spike`] : []),
      'the vote of the neuron that came nearest where none fires',
      ...never,
    ],
  };
}

const boundary = (type: 'Input' | 'Output', size: number): NirNode => ({
  type,
  parameters: { shape: { shape: [1], data: BigInt64Array.of(BigInt(size)) } },
});

const linear = (to: number, from: number, weight: Float32Array): NirNode => ({
  type: 'Linear',
  parameters: { weight: { shape: [to, from], data: weight } },
});

// The float32 number just below a positive one.
function below(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0]--;
  return new Float32Array(bits.buffer)[0];
}
