import type { LifeOptions } from '../training/life-options.js';
import type { LifeResult } from '../training/life-result.js';
import type { TimingOptions, TimingResult } from '../jobs/timing-run.js';
import type { TrainOptions } from '../training/train-options.js';
import type { TrainResult } from '../training/train-result.js';

/** A run that a table needs: a job whose data set is only named, or a timing, which needs the machine for itself. */
export type Draft =
  | { readonly kind: 'train'; readonly dataset: string; readonly options: TrainOptions }
  | { readonly kind: 'life'; readonly dataset: string; readonly options: LifeOptions }
  | { readonly kind: 'timing'; readonly dataset: string; readonly options: TimingOptions };

/** A draft of a kind. */
export type DraftOf<K extends Draft['kind']> = Extract<Draft, { readonly kind: K }>;

/** Result of each kind of draft. */
export interface DraftResults {
  readonly train: TrainResult;
  readonly life: LifeResult;
  readonly timing: TimingResult;
}
