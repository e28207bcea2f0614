import { deterministicExp } from '../../base/deterministic-functions.js';
import type { LeanBaseline } from '../../snn/lean/lean-baseline.js';
import type { LeanParameters } from '../../snn/lean/lean-parameters.js';
import { checkNetworkShape, type NetworkShape } from '../../snn/network-shape.js';
import { factorOf, type Factors } from './factors.js';
import { checkOperatingPoint, type OperatingPoint } from './operating-point.js';

// The lean policy: (N, D) → constants of a network, (T, E, K, exits) → parameters of a sample.
//
//   d = exp(-3.5 / T)      reach = (1 - d^T) / (1 - d)      g = 100 A / (T E)      A = 0.128 · 350 = 44.8
//   S = 0.1 D              k = 0.39 · 784 / D               θ₊ = 0.005 √N

/** A: drive of a sample per unit of Σ x̂_i W_ij. 350 ms of Poisson input at 0.128 spikes per ms have the same drive. */
const totalDrive = 44.8;

/** Duration of a sample in membrane time constants: 350 ms / 100 ms. */
const membranes = 3.5;

/** Σ_i W_ij / D: the mean weight. */
const meanWeight = 0.1;

/** Constants that can be multiplied by a factor for analysis: names and meanings. */
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
 * Constants of a network: closed forms in N and D, and constants that are the same for all sizes.
 *
 * @param factors - multiply constants, for analysis
 * @throws TopsparkError `out_of_range` for an impossible shape
 */
export function leanBaseline(shape: NetworkShape, factors: Factors = {}): LeanBaseline {
  const inputs = checkNetworkShape(shape);
  const by = factorOf(factors, leanConstants);
  return {
    // The mean weight is 0.1 for any number of inputs. With Σ x̂ = 100, drives and thresholds then keep their range.
    columnSum: by('columnSum') * meanWeight * inputs,
    // A trace of 20 ms, 1 / (0.128 · 20) = 0.39, for 784 inputs. x̂ of an active input falls as 1/D, so k falls, too.
    traceHalf: (by('traceHalf') * (0.39 * 784)) / inputs / 100,
    threshold: by('threshold') * 13,
    reset: by('reset') * 5,
    // At 13 + 30 the fresh neuron fires at 4/35 of T. Neurons that recognise a sample fire earlier.
    thetaFresh: by('thetaFresh') * 30,
    // Each of N neurons wins one sample in N on average. With this decay, √N gives 4 to 7 spikes per sample at every N.
    // (IEEE square roots are rounded correctly, so the bits are the same everywhere.)
    thetaPlus: by('thetaPlus') * 0.005 * Math.sqrt(shape.neurons),
    // Decay over 160,000 samples bounds the thresholds, and is too slow to push neurons to other classes.
    thetaKeep: deterministicExp(-1 / (by('thetaTime') * 160_000)),
    silentKeep: Math.max(0, 1 - by('silentDecay') * 0.02),
    // 3/35 of the whole drive on its own sample. It is proportional, since compact pictures would otherwise always win.
    imprintShare: (by('imprintShare') * (3 * totalDrive)) / 35,
    // Weights are at first the mean of all samples of a neuron, and later an average over a window of 200 spikes.
    rateFirst: by('rateFirst') * 7,
    rateLast: Math.min(1, by('rateLast') * 0.005),
    voteWeight: by('voteWeight') * 3,
    // 1 - rateLast: labels are forgotten as fast as weights move.
    forget: Math.max(0, 1 - by('forgetting') * 0.005),
    spreadRate: Math.min(1, by('spreadRate') * 0.3),
    lambda: by('lambda') * 3,
    renewEvidence: by('renewEvidence') * 5,
  };
}

/**
 * T of the default operating point: 35, and 30 where pictures are read as `edges` or `scene`. Chosen on held-out training
 * images: as often right or more often, for 2 % less energy (docs/eyes.md).
 *
 * @param image - encoding of the pictures; absent: other data
 */
export const leanTimesteps = (image?: string): number => (image === 'edges' || image === 'scene' ? 30 : 35);

/**
 * The default operating point: T 35, E 200, and K by size. E does not grow with the network or its inputs.
 *
 * @param neurons - N
 * @param other - fields that differ from the default
 */
export function leanPoint(neurons: number, other: Partial<OperatingPoint> = {}): OperatingPoint {
  // In a small network a quarter of the neurons must be kept; in a large one 48 are enough at every N.
  const keep = Math.min(Math.max(Math.floor(neurons / 4), 10), 48);
  return { timesteps: leanTimesteps(), events: 200, keep, exitFirst: 0, exit: 0, ...other };
}

/**
 * Neuron parameters at an operating point. They do not touch weights and thresholds, so the point may change with every
 * sample.
 *
 * @throws TopsparkError `out_of_range` naming the field of the point
 */
export function leanParameters(point: OperatingPoint, factors: Factors = {}): LeanParameters {
  checkOperatingPoint(point);
  const by = factorOf(factors, leanConstants);
  const lasting = by('membranes') * membranes;
  const { timesteps, events, keep, exitFirst, exit } = point;
  // The sample always lasts 3.5 membrane time constants, so T only sets how finely that time is divided.
  const decay = Math.fround(deterministicExp(-lasting / timesteps));
  return {
    steps: timesteps,
    events,
    keep,
    decay,
    leak: Math.fround(1 - decay),
    // Sum of a constant drive over T leaky steps. It shows before the first step which neurons can fire.
    reach: Math.fround((1 - deterministicExp(-lasting)) / (1 - decay)),
    // The total drive of a sample is the same at every T and E: it is divided among steps and events.
    drive: Math.fround((by('drive') * (100 * totalDrive)) / (timesteps * events)),
    // The drive of equal weights S/D on any sample, Σ x̂ W = 10: a limit in units of the sample, at every T.
    freshDrive: Math.fround((by('freshDrive') * (totalDrive * 100 * meanWeight)) / timesteps),
    exitFirst: Math.fround(exitFirst),
    exit: Math.fround(exit),
  };
}
