import type { Learning } from '../snn/presentation.js';
import type { OperatingPoint } from '../timestep/policy/operating-point.js';
import type { LabelKind } from './label-kinds.js';

/**
 * An input of a classifier: a sample, a label or an edit. Two classifiers that begin in the same state and hear the
 * same inputs in the same order end in the same state.
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
      /** Stamp of its sample [ns]. */
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

/**
 * Most inputs recorded while a merge is computed: eleven minutes at 30 samples a second, 16 MB with pictures of 28 × 28
 * pixels.
 */
export const mostHeard = 20_000;

/** Inputs of a classifier, in order, recorded while a merge is computed in the background. */
export class HeardMeanwhile {
  #list: Heard[] = [];
  #count = 0;
  /** Why the record is no longer usable; `undefined`: it is complete. */
  broken: string | undefined;

  /** Number of inputs since the last {@link HeardMeanwhile.take}. */
  get length(): number {
    return this.#list.length;
  }

  /** Records an input. */
  add(heard: Heard): void {
    if (this.#count++ >= mostHeard) {
      this.broken ??= `more than ${mostHeard} samples and labels came meanwhile`;
      this.#list = [];
    } else if (this.broken === undefined) this.#list.push(heard);
  }

  /** Returns the inputs since the last call. */
  take(): readonly Heard[] {
    const list = this.#list;
    this.#list = [];
    return list;
  }
}
