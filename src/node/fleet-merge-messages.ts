import type { Snapshot } from '../base/snapshot.js';
import type { ErrorKind } from '../base/errors.js';
import type { Heard } from '../classifier/heard.js';
import type { ClassifierOptions } from '../classifier/online-classifier.js';
import type { Contribution } from '../fleet/contribution.js';
import type { MergeResult } from '../fleet/trial.js';

/** What is to be merged. */
export interface MergeRequest {
  readonly kind: 'merge';
  /** The robot's checkpoint. */
  readonly mine: Snapshot;
  readonly contributions: readonly Contribution[];
  /** What the robot is called. */
  readonly robot: string;
  /** Robot whose part is taken back; absent: everything of others is merged and tried. */
  readonly gone?: string;
  /** Of the robot's classifier. */
  readonly options: ClassifierOptions;
}

/** What the thread of a merge is asked: first to merge, then to hear what the robot has heard meanwhile. */
export type MergeQuestion = MergeRequest | { readonly kind: 'follow'; readonly heard: readonly Heard[] };

/** What it answers. */
export type MergeAnswer =
  | { readonly kind: 'merged'; readonly result: MergeResult }
  | { readonly kind: 'followed'; readonly snapshot: Snapshot }
  | { readonly kind: 'failed'; readonly code: string; readonly fault: ErrorKind; readonly message: string };
