import type { Json } from '../base/snapshot.js';
import { takeIntensities } from '../snn/intensities.js';
import type { ClassNeuronUse } from '../snn/class-neuron-state.js';
import { Network } from '../snn/network.js';
import type { Learning } from '../snn/presentation.js';
import type { ClassifyingShape, SpikingNetwork } from '../snn/spiking-network.js';
import type { SpikeEncoding, SpikeRule } from '../snn/timed/timed-baseline.js';
import { TimedNetwork } from '../snn/timed/timed-network.js';
import type { Factors } from '../timestep/policy/factors.js';
import { leanBaseline, leanParameters } from '../timestep/policy/lean-policy.js';
import { samePoint, type OperatingPoint } from '../timestep/policy/operating-point.js';
import {
  timedBaseline,
  timedEncodings,
  timedExponents,
  timedParameters,
  type OwnPolicy,
  type TimedPolicyName,
} from '../timestep/policy/timed-policy.js';

/** A network with the policy by which samples are presented to it. */
export interface NetworkBinding {
  readonly network: SpikingNetwork;
  /** Settings, beside the network's size, that a stored state must match. */
  readonly identity: Readonly<Record<string, Json>>;
  /**
   * Begins to present a sample at an operating point; the network runs and ends the presentation.
   *
   * @param intensities - D bytes 0..255, or numbers 0..1, which are rounded to bytes
   * @param number - number of the sample; seeds its random numbers
   * @returns whether there are steps to run
   * @throws TopsparkError `wrong_length`, `intensity_out_of_range`, or `out_of_range` naming the field of the point;
   *   nothing has changed then
   */
  begin(intensities: Uint8Array | Float32Array, point: OperatingPoint, learn: Learning, number: number): boolean;
}

/** Settings of spikes in time. */
export interface TimedOptions {
  readonly policy: TimedPolicyName;
  readonly rule?: SpikeRule;
  readonly encoding?: SpikeEncoding;
  /** Seed of weights and spikes, 0..2⁵³ − 1. */
  readonly seed?: number;
  /** A policy of the user: its name, and exponents that replace those of `policy`. */
  readonly own?: OwnPolicy;
}

/**
 * Presents samples by lean.
 *
 * @param factors - factors on constants of the policy, for analysis
 * @param use - what class neurons learn from
 */
export function leanPresenter(
  shape: ClassifyingShape,
  factors: Factors = {},
  use: ClassNeuronUse = {},
): NetworkBinding {
  const network = new Network(shape, leanBaseline(shape, factors), use);
  const at = lastOf((point) => leanParameters(point, factors));
  return binding(network, { policy: 'lean' }, at);
}

/** Presents samples by spikes in time, which use only T and the later exit of an operating point. */
export function timedPresenter(shape: ClassifyingShape, options: TimedOptions, factors: Factors = {}): NetworkBinding {
  const { policy, rule = 'pair', encoding = timedEncodings[policy], seed = 0, own } = options;
  const exponents = own?.exponents ?? timedExponents[policy];
  const network = new TimedNetwork(shape, timedBaseline(shape, rule, encoding, factors), seed);
  const at = lastOf((point) => timedParameters(exponents, point.timesteps, point.exit, factors));
  return binding(network, { policy: own?.name ?? policy, rule, encoding, seed }, at);
}

function binding<P extends object>(
  network: SpikingNetwork<P>,
  identity: NetworkBinding['identity'],
  at: (point: OperatingPoint) => P,
): NetworkBinding {
  return {
    network,
    identity,
    begin: (intensities, point, learn, number) => {
      takeIntensities(intensities, network.input);
      return network.begin(at(point), learn, number);
    },
  };
}

// Caches the parameters of the last point: points change far more rarely than samples.
function lastOf<P>(make: (point: OperatingPoint) => P): (point: OperatingPoint) => P {
  let last: { readonly asked: OperatingPoint; readonly point: OperatingPoint; readonly made: P } | undefined;
  return (point) => {
    if (last?.asked === point) return last.made;
    const made = last && samePoint(last.point, point) ? last.made : make(point);
    last = { asked: point, point: { ...point }, made };
    return made;
  };
}
