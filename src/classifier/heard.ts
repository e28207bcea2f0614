import type { Learning } from '../snn/presentation.js';
import type { OperatingPoint } from '../timestep/policy/operating-point.js';
import type { LabelKind } from './label-kinds.js';

/**
 * One thing that a classifier was shown or taught. Another classifier that hears the same in the same order ends in the same
 * state, where it began in the same.
 */
export type Heard =
  | {
      readonly kind: 'sample';
      /** D bytes, row-major; a copy. */
      readonly intensities: Uint8Array;
      /** [ns] */
      readonly stamp: bigint;
      readonly point: OperatingPoint;
      readonly learn: Learning;
    }
  | {
      readonly kind: 'label';
      /** Of its sample [ns]. */
      readonly stamp: bigint;
      readonly name: string;
      readonly learn: boolean;
      /** Why it was given. */
      readonly why: LabelKind;
      readonly corrects: boolean;
    }
  | { readonly kind: 'label_taken_back'; readonly stamp: bigint }
  | { readonly kind: 'class_forgotten'; readonly name: string }
  | { readonly kind: 'class_renamed'; readonly name: string; readonly to: string }
  | { readonly kind: 'unknown_rate'; readonly rate: number };

/** Most that is noted while a merge is worked out: with pictures of 28 × 28 pixels 16 MB, eleven minutes at 30 samples a second. */
export const mostHeard = 20_000;

/** What a classifier hears while a merge is worked out beside it, in order. */
export class HeardMeanwhile {
  #list: Heard[] = [];
  #count = 0;
  /** Why it is of no use any more; `undefined`: it holds everything. */
  broken: string | undefined;

  /** What was heard since the last {@link HeardMeanwhile.take}. */
  get length(): number {
    return this.#list.length;
  }

  /** Notes what was heard. */
  add(heard: Heard): void {
    if (this.#count++ >= mostHeard) {
      this.broken ??= `more than ${mostHeard} samples and labels came meanwhile`;
      this.#list = [];
    } else if (this.broken === undefined) this.#list.push(heard);
  }

  /** Hands out what was heard, once. */
  take(): readonly Heard[] {
    const list = this.#list;
    this.#list = [];
    return list;
  }
}
