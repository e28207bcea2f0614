import { deterministicExp, deterministicPower } from '../../base/deterministic-functions.js';
import { checkInteger, checkNumber } from '../../base/errors.js';
import { checkNetworkShape, type NetworkShape } from '../../snn/network-shape.js';
import {
  mostTimesteps,
  type SpikeEncoding,
  type SpikeRule,
  type TimedBaseline,
} from '../../snn/timed/timed-baseline.js';
import type { TimedParameters } from '../../snn/timed/timed-parameters.js';
import { factorOf, type Factors } from './factors.js';

// The policies of spikes in time: (N, D) → constants of a network; (exponents, T) → parameters of a sample. With
// r = T / 350:
//
//   τm = 100 rᵐ     t_ref = ⌊5 rᶠ⌋     τθ = 5·10⁷ rᵇ     r_in = min(128 r⁻ᵃ, 900) Hz     g = (128 / r_in) rᵈ
//
// A step stands for 1 ms of the 350 ms sample at T = 350, and for 350/T ms otherwise.
// Source: Putra & Shafique, TopSpark, IROS 2023 (arXiv 2303.01826). docs/method-measured.md has the measurements behind
// the exponents.

/** Powers of r = T / 350 by which a policy scales its parameters. */
export interface ScalingExponents {
  /** m, f and b: exponents of the times τm, t_ref and τθ. */
  readonly membrane: number;
  readonly refractory: number;
  readonly thetaTime: number;
  /** −a: exponent of the input rate. */
  readonly inputRate: number;
  /** d: exponent of the drive g · r_in. */
  readonly drive: number;
}

/** A user's policy: exponents with a name. */
export interface OwnPolicy {
  readonly name: string;
  readonly exponents: ScalingExponents;
}

/** Names of the policies with spikes in time. */
export const timedPolicies = ['none', 'paper', 'rate'] as const;

/** Name of a policy with spikes in time. */
export type TimedPolicyName = (typeof timedPolicies)[number];

// Times scale with T. A sample then lasts 3.5 membrane constants and 70 refractory times at every T, and a threshold
// decays by the same amount per sample. The drive scales with 1/T, so that the total drive of all steps stays the same.
// Either of these alone fails. The drive can be raised by stronger spikes alone (paper), or also by more spikes per
// step (rate). The latter keeps the noise of the input low, while the number of spikes still falls with √T.
const scaled = { membrane: 1, refractory: 1, thetaTime: 1, drive: -1 };

/** Exponents of each policy; `none`, the baseline, scales nothing. */
export const timedExponents: Readonly<Record<TimedPolicyName, ScalingExponents>> = {
  none: { membrane: 0, refractory: 0, thetaTime: 0, inputRate: 0, drive: 0 },
  paper: { ...scaled, inputRate: 0 },
  rate: { ...scaled, inputRate: -0.5 },
};

/** Default encoding of each policy. */
export const timedEncodings: Readonly<Record<TimedPolicyName, SpikeEncoding>> = {
  none: 'poisson',
  paper: 'poisson',
  rate: 'regular',
};

/** Constants that can be multiplied by a factor for analysis: names and meanings. */
export const timedConstants = {
  columnSum: 'S, sum of a neuron’s weights',
  traceHalf: 'k, expected trace at which a weight grows at half the rate',
  threshold: 'Vth, threshold',
  reset: 'Vreset, voltage after a spike',
  inhibition: 'inhibition of the other neurons by a spike',
  thetaPlus: 'θ₊, growth of a threshold per spike',
  ratePost: 'η_post, learning rate at an output spike',
  ratePre: 'η_pre, learning rate at an input spike',
  spikesPerFactor: 'n_th, spikes per unit of the potentiation factor',
  tauStdp: 'τ_stdp, time constant of the STDP window',
  tauMembrane: 'τm, membrane time constant',
  refractory: 't_ref, refractory time',
  tauTheta: 'τθ, time constant of the thresholds',
  inputRate: 'r_in, input spike rate',
  gain: 'g, gain of every weight',
} as const;

const fullTimesteps = 350;
const fullRate = 128;
/** Maximum input rate [Hz]: a neuron of the eye hardly fires faster, and p_i stays below 1 for most inputs. */
const mostRate = 900;

/**
 * Constants of a network: closed forms in N and D, and constants that are the same for all sizes.
 *
 * @param factors - multiply constants, for analysis
 * @throws TopsparkError `out_of_range` for an impossible shape
 */
export function timedBaseline(
  shape: NetworkShape,
  rule: SpikeRule,
  encoding: SpikeEncoding,
  factors: Factors = {},
): TimedBaseline {
  const by = factorOf(factors, timedConstants);
  const inputs = checkNetworkShape(shape);
  const { neurons } = shape;
  return {
    encoding,
    rule,
    // The mean weight is 0.1 for any number of inputs. With Σ x̂ = 100, drives and thresholds then keep their range.
    columnSum: by('columnSum') * 0.1 * inputs,
    // A trace of 20 ms at 0.128 spikes per ms, as in lean. x̂ of an active input falls as 1/D, so k falls, too.
    traceHalf: (by('traceHalf') * (0.39 * 784)) / inputs / 100,
    threshold: by('threshold') * 13,
    reset: by('reset') * 5,
    // In a larger network each neuron needs less inhibition, since more neurons share the samples. Each wins more
    // rarely, so a win must raise its threshold more. Above an inhibition of 200, a small network falls silent after
    // one spike, and one spike is a poor vote.
    inhibition: by('inhibition') * Math.min(3600 / Math.sqrt(neurons), 200),
    thetaPlus: (by('thetaPlus') * neurons) / 1000,
    ratePost: by('ratePost') * 0.01,
    ratePre: by('ratePre') * 1e-4,
    spikesPerFactor: by('spikesPerFactor') * 5,
    // A neuron that does not fire loses 1 % of its weights in 1,000 samples, and two thirds in 100,000.
    weightKeep: deterministicExp(-32 / 100_000),
    // As in lean.
    forget: 0.995,
    lambda: 3,
    // 20 steps at every T, so that spikes count as close if few steps are between them.
    trace: Float32Array.from({ length: mostTimesteps + 1 }, (_, k) => deterministicExp(-k / (by('tauStdp') * 20))),
  };
}

/**
 * Neuron parameters at T. They do not touch weights and thresholds, so T may change with every sample.
 *
 * @param timesteps - T, 1..1000
 * @param exit - lead in votes that ends a decision, 0..100; 0: never
 * @param factors - multiply constants, for analysis
 * @throws TopsparkError `out_of_range` naming the number
 */
export function timedParameters(
  exponents: ScalingExponents,
  timesteps: number,
  exit: number,
  factors: Factors = {},
): TimedParameters {
  const by = factorOf(factors, timedConstants);
  checkInteger('operating point: timesteps', timesteps, 1, mostTimesteps);
  checkNumber('operating point: exit', exit, 0, 100);
  for (const [name, exponent] of Object.entries(exponents)) checkNumber(`exponent ${name}`, Number(exponent), -2, 2);
  const power = (exponent: number): number => deterministicPower(timesteps / fullTimesteps, exponent);
  const rate = Math.min(fullRate * power(exponents.inputRate), mostRate);
  return {
    steps: timesteps,
    decay: Math.fround(deterministicExp(-1 / (by('tauMembrane') * 100 * power(exponents.membrane)))),
    density: Math.fround(Math.min(by('inputRate') * rate, mostRate) / 10),
    unit: Math.fround(rate / fullRate / power(exponents.drive) / by('gain')),
    // Rounded down, since a refractory time that is too long suppresses spikes, and a short sample has few.
    refractory: Math.floor(by('refractory') * 5 * power(exponents.refractory) + 1e-9),
    thetaDecay: Math.fround(deterministicExp(-timesteps / (by('tauTheta') * 5e7 * power(exponents.thetaTime)))),
    // Ten windows per sample.
    window: Math.ceil(timesteps / 10),
    exit: Math.fround(exit),
  };
}
