import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { PictureEncoding } from './picture-encodings.js';
import type { TimedTraining } from './train-options.js';

/** What may become of the world: everything moves by three pixels, pixels change places, light and dark change places. */
export const worldChanges = ['shift', 'permute', 'invert'] as const;

/** Name of a change of the world. */
export type WorldChange = (typeof worldChanges)[number];

/**
 * A life: one network is shown a world that changes from stage to stage, and is tested in between. Data only, so that it
 * can be a job.
 */
export interface LifeOptions {
  readonly neurons: number;
  readonly image: PictureEncoding;
  /** Share of the samples whose label is given, 0..1. */
  readonly labels: number;
  /** Order of the samples, choice of labels, and which pixels change places. */
  readonly seed: number;
  /** At least one. */
  readonly stages: readonly LifeStage[];
  /** What is learned; absent: every sample. */
  readonly learn?: 'novel';
  /** Spikes in time instead of the lean way; neurons are named while they learn. */
  readonly timed?: Omit<TimedTraining, 'labelSamples'>;
}

/** A stretch of a life in which the world stays as it is. */
export interface LifeStage {
  readonly samples: number;
  /** Operating point of learning. */
  readonly point: OperatingPoint;
  /** Indices of the classes that occur, the second excluded; absent: all. */
  readonly classes?: readonly [first: number, end: number];
  readonly change?: WorldChange;
  /** Operating points at which the frozen network decides the test split, as the world is then, when the stage is over. */
  readonly tests?: readonly OperatingPoint[];
}
