import { deterministicExp } from '../../base/deterministic-functions.js';
import type { LeanBaseline } from '../../snn/lean/lean-baseline.js';
import type { LeanParameters } from '../../snn/lean/lean-parameters.js';
import { checkNetworkShape, type NetworkShape } from '../../snn/network-shape.js';
import { factorOf, type Factors } from './factors.js';
import { checkOperatingPoint, type OperatingPoint } from './operating-point.js';

// The lean policy: (N, D) → constants of a life, (T, E, K, exits) → parameters of one sample.
//
//   d = exp(-3.5 / T)      reach = (1 - d^T) / (1 - d)      g = 100 A / (T E)      A = 0.128 · 350 = 44.8
//   S = 0.1 D              k = 0.39 · 784 / D               θ₊ = 0.005 √N

/** A: drive of a sample per unit of Σ x̂_i W_ij; that of 350 ms of Poisson input at 0.128 spikes per ms. */
const totalDrive = 44.8;

/** Duration of a sample in membrane constants: 350 ms of 100 ms. */
const membranes = 3.5;

/** Σ_i W_ij / D: the mean weight. */
const meanWeight = 0.1;

/** Constants that may be multiplied by a factor, for analysis: names and meanings. */
export const leanConstants = {
  columnSum: 'S, sum of a neuron’s weights',
  traceHalf: 'k, expected trace at which an input’s target is one half',
  threshold: 'Vth, threshold',
  reset: 'Vreset, voltage after a spike',
  thetaFresh: 'threshold of the fresh neuron above Vth',
  thetaPlus: 'θ₊, growth of a threshold per spike',
  thetaTime: 'time in which thresholds decay [samples]',
  silentDecay: 'what thresholds lose where no neuron fired',
  imprintShare: 'threshold of an imprinted neuron per unit of its drive',
  rateFirst: 'spikes that a new neuron’s first weights count for',
  rateLast: 'floor of the learning rate',
  voteWeight: 'votes of the nearest neurons',
  forgetting: 'evidence forgotten per spike of a labelled sample',
  spreadRate: 'rate at which labels spread among neighbours',
  lambda: 'λ, evidence that weighs as much as the neighbours',
  renewEvidence: 'evidence that a renewed neuron begins with',
  membranes: 'membrane time constants that a sample lasts',
  drive: 'drive of a sample',
  freshDrive: 'drive of the fresh neuron',
} as const;

/**
 * Closed forms in N and D, and the constants that hold for all sizes.
 *
 * @param factors - on constants, for analysis
 * @throws TopsparkError `out_of_range` for a shape that no network can have
 */
export function leanBaseline(shape: NetworkShape, factors: Factors = {}): LeanBaseline {
  const inputs = checkNetworkShape(shape);
  const by = factorOf(factors, leanConstants);
  return {
    // A mean weight of 0.1 whatever the number of inputs: with Σ x̂ = 100 drives and thresholds keep their range.
    columnSum: by('columnSum') * meanWeight * inputs,
    // A trace of 20 ms, 1 / (0.128 · 20) = 0.39, for 784 inputs; x̂ of an active input falls as 1/D, so k falls too.
    traceHalf: (by('traceHalf') * (0.39 * 784)) / inputs / 100,
    threshold: by('threshold') * 13,
    reset: by('reset') * 5,
    // With 13 + 30 the fresh neuron fires at 4/35 of T: recognised samples are faster.
    thetaFresh: by('thetaFresh') * 30,
    // One of N neurons wins N times less often; with this decay, √N keeps 4 to 7 spikes per sample at every N.
    // (Square roots are exact in IEEE arithmetic.)
    thetaPlus: by('thetaPlus') * 0.005 * Math.sqrt(shape.neurons),
    // Over 160,000 samples: thresholds stay bounded, and change slowly enough not to push neurons to other classes.
    thetaKeep: deterministicExp(-1 / (by('thetaTime') * 160_000)),
    silentKeep: Math.max(0, 1 - by('silentDecay') * 0.02),
    // 3/35 of the whole drive on its own sample: proportional, since compact pictures would otherwise win everything.
    imprintShare: (by('imprintShare') * (3 * totalDrive)) / 35,
    // At first the mean of all its samples, later a window of 200 spikes.
    rateFirst: by('rateFirst') * 7,
    rateLast: Math.min(1, by('rateLast') * 0.005),
    voteWeight: by('voteWeight') * 3,
    // Labels are forgotten as fast as weights move: 1 - rateLast.
    forget: Math.max(0, 1 - by('forgetting') * 0.005),
    spreadRate: Math.min(1, by('spreadRate') * 0.3),
    lambda: by('lambda') * 3,
    renewEvidence: by('renewEvidence') * 5,
  };
}

/**
 * The default operating point: T 35, E 200, and K by size; E does not grow with the network or its inputs.
 *
 * @param neurons - N
 * @param other - fields that differ
 */
export function leanPoint(neurons: number, other: Partial<OperatingPoint> = {}): OperatingPoint {
  // A quarter of a small network must stay in the race; in a large one 48 are enough at every N.
  const keep = Math.min(Math.max(Math.floor(neurons / 4), 10), 48);
  return { timesteps: 35, events: 200, keep, exitFirst: 0, exit: 0, ...other };
}

/**
 * Neuron parameters at an operating point. Weights and thresholds are untouched, so the point may change with every
 * sample.
 *
 * @throws TopsparkError `out_of_range` naming the field of the point
 */
export function leanParameters(point: OperatingPoint, factors: Factors = {}): LeanParameters {
  checkOperatingPoint(point);
  const by = factorOf(factors, leanConstants);
  const lasting = by('membranes') * membranes;
  const { timesteps, events, keep, exitFirst, exit } = point;
  // The sample always lasts 3.5 membrane constants, so T only sets how finely that time is divided.
  const decay = Math.fround(deterministicExp(-lasting / timesteps));
  return {
    steps: timesteps,
    events,
    keep,
    decay,
    leak: Math.fround(1 - decay),
    // Sum of a constant drive over T leaky steps: it decides which neurons can fire before any step runs.
    reach: Math.fround((1 - deterministicExp(-lasting)) / (1 - decay)),
    // The total drive of a sample is the same at every T and E: it is divided among steps and events.
    drive: Math.fround((by('drive') * (100 * totalDrive)) / (timesteps * events)),
    // Weights of S/D each would give Σ x̂ W = 10 on any sample: a limit in units of the sample, at every T.
    freshDrive: Math.fround((by('freshDrive') * (totalDrive * 100 * meanWeight)) / timesteps),
    exitFirst: Math.fround(exitFirst),
    exit: Math.fround(exit),
  };
}
