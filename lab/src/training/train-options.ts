import type { SpikeEncoding, SpikeRule } from 'topspark/snn/timed/timed-baseline.js';
import type { LinearReadoutUse } from 'topspark/classifier/linear-use.js';
import type { Factors } from 'topspark/timestep/policy/factors.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { OwnPolicy, TimedPolicyName } from 'topspark/timestep/policy/timed-policy.js';
import type { PictureEncoding } from './picture-encodings.js';

/** A run: a network learns a stream from nothing and is then tested, frozen. Plain data, to be sent as a job. */
export interface TrainOptions {
  readonly neurons: number;
  readonly point: OperatingPoint;
  /** Training samples. Their order depends on the seed only. */
  readonly samples: number;
  /** Test samples, from the first of the test split; a larger number than it holds means all. */
  readonly testSamples: number;
  /** Share of the training samples whose label is given, 0..1. */
  readonly labels: number;
  /** Only so many of the given labels of each class, the first ones in the stream; absent: all. */
  readonly labelsFirst?: number;
  readonly image: PictureEncoding;
  /** When a linear readout is used with the votes; `auto` where absent. */
  readonly linearReadout?: LinearReadoutUse;
  readonly seed: number;
  /** Spikes in time instead of the lean method. */
  readonly timed?: TimedTraining;
  /** What is learned; absent: every sample. */
  readonly learn?: 'novel';
  /** Factors on constants of the policy, for analyses. */
  readonly factors?: Factors;
}

/** Options of a run with spikes in time. */
export interface TimedTraining {
  readonly policy: TimedPolicyName;
  /** The user's policy; `policy` is then the one that it is based on. */
  readonly own?: OwnPolicy;
  readonly rule: SpikeRule;
  readonly encoding: SpikeEncoding;
  /** Training samples, from the first, whose labels name the neurons after learning; 0: no such pass. */
  readonly labelSamples: number;
}
