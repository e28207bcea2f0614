import type { LabelKind } from './label-kinds.js';

/** How a label is used. */
export interface LabelOptions {
  /** false: the answer given is tested, and nothing is learned; true where absent. */
  readonly learn?: boolean;
  /** Why it was given; `unset` where absent. */
  readonly kind?: LabelKind;
  /** Whether it replaces an earlier label of the sample with another class; otherwise the first label counts. */
  readonly corrects?: boolean;
}

/** Why a label teaches nothing. */
export type LabelCause = 'unknown_stamp' | 'silent_sample' | 'too_many_classes' | 'duplicate';

/** Outcome of a label that found its sample, or the reason why it teaches nothing. */
export type LabelOutcome =
  | {
      readonly found: true;
      /** Kind as which it was treated. */
      readonly kind: LabelKind;
      /** Number of the sample. */
      readonly sample: number;
      /** Whether the answer given at the time was 'unknown'. */
      readonly abstained: boolean;
      /** Whether the answer given at the time was this class. */
      readonly correct: boolean;
      /** The answer given at the time; empty: none. */
      readonly answered: string;
      /** The same for the net answer, by which the network judges itself. */
      readonly net: { readonly correct: boolean; readonly answered: string };
      /** Class of the earlier label that it replaced; `undefined`: it was the first. */
      readonly corrected: string | undefined;
      /** Whether it was skipped, because it repeats the last label of a burst for a similar sample. */
      readonly repeated: boolean;
      /** Number of neurons that it also named: those of a group without a name. */
      readonly named: number;
      /**
       * Whether neurons were credited. They are not where the sample was not learned, unless it was familiar and
       * answered wrong.
       */
      readonly credited: boolean;
      /** Multiply-adds, in addition to the presentation's. */
      readonly labelUpdates: number;
      /** Number of weights of class neurons that it moved. */
      readonly plasticityUpdates: number;
    }
  | { readonly found: false; readonly cause: LabelCause };
