import type { SensorReading } from 'topspark/sensing/sensor-reading.js';
import type { SpikeEncoding, SpikeRule } from 'topspark/snn/timed/timed-baseline.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { Provenance } from '../jobs/provenance.js';
import type { ExitPoint } from '../training/measure-points.js';
import type { PictureEncoding } from '../training/picture-encodings.js';
import type { ReceptiveFields } from '../training/receptive-fields.js';
import type { OperatingProfile, ProfilePoint } from 'topspark/timestep/controller/profile.js';

/** How samples are presented, learned from and encoded as spikes. */
export interface PolicyWay {
  /** lean, none, paper, rate, or the name of a user's policy. */
  readonly policy: string;
  readonly rule: SpikeRule;
  readonly encoding: 'systematic' | SpikeEncoding;
}

/** A policy over T. One network is trained and tested at each T. */
export interface PolicyCurve extends PolicyWay {
  /** By falling T. */
  readonly points: readonly ProfilePoint[];
}

/** Accuracy after a change of one parameter alone. */
export interface ParameterChange {
  /** The parameter was multiplied by this. */
  readonly factor: number;
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
}

/** One parameter and its effect. */
export interface ParameterEffect {
  readonly name: string;
  /** Meaning of the parameter, in words. */
  readonly meaning: string;
  readonly changes: readonly ParameterChange[];
  /** The largest change of accuracy, up or down, 0..1. */
  readonly effect: number;
}

/** Effects of all neuron and learning parameters, each changed alone, at one operating point. */
export interface Sensitivity extends PolicyWay {
  readonly point: OperatingPoint;
  /** Accuracy without changes. */
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  /** By falling effect. */
  readonly parameters: readonly ParameterEffect[];
}

/** The user's requirements for the recommended point. An absent field is no requirement. */
export interface Requirements {
  /** Minimum accuracy, 0..1. */
  readonly minAccuracy?: number;
  /** Maximum CPU time of a decision [s]. */
  readonly maxLatency?: number;
  /** Maximum energy of a decision [J]. */
  readonly maxEnergy?: number;
}

/** Weights of the score. */
export interface ScoreWeights {
  readonly accuracy: number;
  readonly latency: number;
  readonly energy: number;
}

/** The recommended point, and why. */
export interface Recommendation {
  /** Index into `points`. */
  readonly index: number;
  readonly point: OperatingPoint;
  /** accuracy · w_a − latency / (largest latency) · w_l − energy / (largest energy) · w_e. */
  readonly score: number;
  readonly weights: ScoreWeights;
  readonly requirements: Requirements;
  /** Score of every point, in the order of `points`; null: the point does not meet the requirements. */
  readonly scores: readonly (number | null)[];
}

/** Result of the recommended network on the test set. No choice was based on this set. */
export interface TestResult extends ProfilePoint {
  /** Rows: true class; columns: answer, in the order of `dataset.classNames`; last column: no answer. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * The whole analysis of a data set: the result of `topspark profile`. Accuracies are shares in 0..1, energies in [J],
 * and latencies are CPU time in [s]. It is also an operating profile: `points` are those of one network, which was
 * trained at `training.point`. Everything except `test` is measured on the validation images, which are held out from
 * training.
 */
export interface ProfileResult extends OperatingProfile {
  readonly format: 'topspark-profile';
  readonly version: 1;
  readonly dataset: {
    readonly name: string;
    /** SHA-256 (hex) of images and labels. */
    readonly sha256: string;
    readonly rows: number;
    readonly columns: number;
    readonly classNames: readonly string[];
    /** Only for a recorded bag: the sensors in use, and how each is encoded as intensities. */
    readonly sensors?: readonly SensorReading[];
    /** Number of images for learning, for choices, and for the final test. */
    readonly train: number;
    readonly validation: number;
    readonly test: number;
  };
  /** Training of the network behind `points`. */
  readonly training: PolicyWay & {
    readonly neurons: number;
    readonly point: OperatingPoint;
    readonly samples: number;
    /** Share of samples with a label, 0..1. */
    readonly labels: number;
    readonly labelsFirst?: number;
    readonly image: PictureEncoding;
    readonly seed: number;
    readonly weightsHash: string;
  };
  /** The unscaled network over T: policy none. */
  readonly accuracyOverT: PolicyCurve;
  /** Effects of single parameters, for each base network. */
  readonly sensitivity: readonly Sensitivity[];
  /** The other policies over T. */
  readonly policies: readonly PolicyCurve[];
  /** Early exits of several leads at the training point; the first has none. */
  readonly exits: readonly ExitPoint[];
  /** Pareto front of accuracy, latency and energy: indices into `points`, by falling accuracy. */
  readonly pareto: readonly number[];
  readonly recommended: Recommendation;
  readonly test: TestResult;
  readonly receptiveFields: ReceptiveFields;
  readonly provenance: Provenance;
}
