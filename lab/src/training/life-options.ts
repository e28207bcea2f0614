import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { PictureEncoding } from './picture-encodings.js';
import type { TimedTraining } from './train-options.js';

/** How the world may change: everything moves by three pixels, pixels are permuted, or light and dark are swapped. */
export const worldChanges = ['shift', 'permute', 'invert'] as const;

/** Name of a change of the world. */
export type WorldChange = (typeof worldChanges)[number];

/**
 * A scenario: one network sees a world that changes from stage to stage, and is tested after stages. Plain data, so
 * that it can be sent as a job.
 */
export interface LifeOptions {
  readonly neurons: number;
  readonly image: PictureEncoding;
  /** Share of the samples whose label is given, 0..1. */
  readonly labels: number;
  /** Decides the order of the samples, which labels are given, and the permutation of the pixels. */
  readonly seed: number;
  /** At least one. */
  readonly stages: readonly LifeStage[];
  /** What is learned; absent: every sample. */
  readonly learn?: 'novel';
  /** Spikes in time instead of the lean method; neurons are named while they learn. */
  readonly timed?: Omit<TimedTraining, 'labelSamples'>;
}

/** A stage of a scenario, in which the world does not change. */
export interface LifeStage {
  readonly samples: number;
  /** Operating point of learning. */
  readonly point: OperatingPoint;
  /** Indices of the classes that occur, from `first` up to but without `end`; absent: all. */
  readonly classes?: readonly [first: number, end: number];
  readonly change?: WorldChange;
  /** Operating points for the test of the frozen network after the stage, with the world as it is then. */
  readonly tests?: readonly OperatingPoint[];
}
