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
  /** lean, none, paper, rate, or a name of the user's. */
  readonly policy: string;
  readonly rule: SpikeRule;
  readonly encoding: 'systematic' | SpikeEncoding;
}

/** A policy over T: one network for each T, trained and tested there. */
export interface PolicyCurve extends PolicyWay {
  /** By falling T. */
  readonly points: readonly ProfilePoint[];
}

/** What became of the accuracy when one parameter was changed alone. */
export interface ParameterChange {
  /** By which the parameter was multiplied. */
  readonly factor: number;
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
}

/** One parameter and its effect. */
export interface ParameterEffect {
  readonly name: string;
  /** What the parameter is, in words. */
  readonly meaning: string;
  readonly changes: readonly ParameterChange[];
  /** The largest change of accuracy, up or down, 0..1. */
  readonly effect: number;
}

/** Each neuron and learning parameter changed alone, at one operating point. */
export interface Sensitivity extends PolicyWay {
  readonly point: OperatingPoint;
  /** Accuracy with nothing changed. */
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  /** By falling effect. */
  readonly parameters: readonly ParameterEffect[];
}

/** What the user asks of the recommended point; what is absent is not asked. */
export interface Requirements {
  /** 0..1. */
  readonly minAccuracy?: number;
  /** CPU time of a decision [s]. */
  readonly maxLatency?: number;
  /** Energy of a decision [J]. */
  readonly maxEnergy?: number;
}

/** Weights of the score. */
export interface ScoreWeights {
  readonly accuracy: number;
  readonly latency: number;
  readonly energy: number;
}

/** The point chosen, and why. */
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

/** What the recommended network answered on the test set, which nothing was chosen by. */
export interface TestResult extends ProfilePoint {
  /** Rows: true class; columns: answer, in the order of `dataset.classNames`, and last the samples without one. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * The whole analysis of a data set: `topspark profile`. Accuracies are shares 0..1, energies [J], latencies [s] of CPU
 * time. It is an operating profile itself, `points` being those of one network trained at `training.point`. All is
 * measured on the validation images, the last of the training set, except `test`.
 */
export interface ProfileResult extends OperatingProfile {
  readonly format: 'topspark-profile';
  readonly version: 1;
  readonly dataset: {
    readonly name: string;
    /** Of its images and labels. */
    readonly sha256: string;
    readonly rows: number;
    readonly columns: number;
    readonly classNames: readonly string[];
    /** Of a recorded bag: the sensors in use, and how each becomes intensities. */
    readonly sensors?: readonly SensorReading[];
    /** Images learned from, images that choices rest on, images of the final test. */
    readonly train: number;
    readonly validation: number;
    readonly test: number;
  };
  /** How the network behind `points` was trained. */
  readonly training: PolicyWay & {
    readonly neurons: number;
    readonly point: OperatingPoint;
    readonly samples: number;
    /** Share of the samples whose label was given. */
    readonly labels: number;
    readonly labelsFirst?: number;
    readonly image: PictureEncoding;
    readonly seed: number;
    readonly weightsHash: string;
  };
  /** (a) The unscaled network over T: policy none. */
  readonly accuracyOverT: PolicyCurve;
  /** (b) */
  readonly sensitivity: readonly Sensitivity[];
  /** (c) The other policies over T. */
  readonly policies: readonly PolicyCurve[];
  /** (e) Margins of early exit at the training point, the first without any. */
  readonly exits: readonly ExitPoint[];
  /** (g) Indices into `points` that no other point beats in accuracy, latency and energy at once; by falling accuracy. */
  readonly pareto: readonly number[];
  readonly recommended: Recommendation;
  readonly test: TestResult;
  readonly receptiveFields: ReceptiveFields;
  readonly provenance: Provenance;
}
