import type { SpikeEncoding, SpikeRule } from 'topspark/snn/timed/timed-baseline.js';
import type { LinearReadoutUse } from 'topspark/classifier/linear-use.js';
import type { Factors } from 'topspark/timestep/policy/factors.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { OwnPolicy, TimedPolicyName } from 'topspark/timestep/policy/timed-policy.js';
import type { PictureEncoding } from './picture-encodings.js';

/** One run: a network learns a stream from nothing and is then tested, frozen. Data only, so that it can be a job. */
export interface TrainOptions {
  readonly neurons: number;
  readonly point: OperatingPoint;
  /** Training samples, presented in an order that only the seed decides. */
  readonly samples: number;
  /** Test samples from the start of the test split; more than it holds means all. */
  readonly testSamples: number;
  /** Share of the training samples whose label is given, 0..1. */
  readonly labels: number;
  /** Of the labels that are given only the first ones of each class in the stream; absent: all. */
  readonly labelsFirst?: number;
  readonly image: PictureEncoding;
  /** When a linear readout stands beside the votes; `auto` where absent. */
  readonly linearReadout?: LinearReadoutUse;
  readonly seed: number;
  /** Spikes in time instead of the lean way. */
  readonly timed?: TimedTraining;
  /** What is learned; absent: every sample. */
  readonly learn?: 'novel';
  /** Factors on constants of the policy, for analysis. */
  readonly factors?: Factors;
}

/** What a run with spikes in time needs beside the common options. */
export interface TimedTraining {
  readonly policy: TimedPolicyName;
  /** A policy of the user's in place of `policy`, which then is what it is based on. */
  readonly own?: OwnPolicy;
  readonly rule: SpikeRule;
  readonly encoding: SpikeEncoding;
  /** Training samples, from the first, whose labels name the neurons once it has learned; 0: no such pass. */
  readonly labelSamples: number;
}
