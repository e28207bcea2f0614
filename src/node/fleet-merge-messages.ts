import type { Snapshot } from '../base/snapshot.js';
import type { ErrorKind } from '../base/errors.js';
import type { Heard } from '../classifier/heard.js';
import type { ClassifierOptions } from '../classifier/online-classifier.js';
import type { Contribution } from '../fleet/contribution.js';
import type { MergeResult } from '../fleet/trial.js';

/** Request to merge. */
export interface MergeRequest {
  readonly kind: 'merge';
  /** The robot's checkpoint. */
  readonly mine: Snapshot;
  readonly contributions: readonly Contribution[];
  /** Name of the robot. */
  readonly robot: string;
  /** Weights of robots, as robotWeights reads them. */
  readonly weights: string;
  /** Robot whose part is removed; absent: all contributions are merged and tried. */
  readonly gone?: string;
  /** Options of the robot's classifier. */
  readonly options: ClassifierOptions;
}

/** Messages to the thread of a merge: first the request, then what the robot has heard meanwhile. */
export type MergeQuestion = MergeRequest | { readonly kind: 'follow'; readonly heard: readonly Heard[] };

/** Answers of that thread. */
export type MergeAnswer =
  | { readonly kind: 'merged'; readonly result: MergeResult }
  | { readonly kind: 'followed'; readonly snapshot: Snapshot }
  | { readonly kind: 'failed'; readonly code: string; readonly fault: ErrorKind; readonly message: string };
