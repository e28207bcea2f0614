import type { LabelKind } from './label-kinds.js';

/** Why a label teaches nothing. */
export type LabelCause = 'unknown_stamp' | 'silent_sample' | 'too_many_classes' | 'duplicate';

/** A label that found its sample, or why it found none to teach. */
export type LabelOutcome =
  | {
      readonly found: true;
      /** Why it was given, as it was heard. */
      readonly kind: LabelKind;
      /** Number of the sample. */
      readonly sample: number;
      /** What was told at the time was 'unknown'. */
      readonly abstained: boolean;
      /** The answer given at the time was this class. */
      readonly correct: boolean;
      /** The answer given at the time; empty: none. */
      readonly answered: string;
      /** The same of the net answer, by which the network judges itself. */
      readonly net: { readonly correct: boolean; readonly answered: string };
      /** The label stands in place of an earlier one, of this class; `undefined`: it was the first. */
      readonly corrected: string | undefined;
      /** It says what the last label of a burst has said of a sample like this one: skipped, nothing is lost. */
      readonly repeated: boolean;
      /** Neurons that it named besides: of a group that had been met and had no name. */
      readonly named: number;
      /** The network learned from the label; not so where it did not learn from the sample, but for a familiar one that was wrong. */
      readonly credited: boolean;
      /** Multiply-adds that it cost, in addition to the presentation's. */
      readonly labelUpdates: number;
      /** Weights of class neurons that it moved. */
      readonly plasticityUpdates: number;
    }
  | { readonly found: false; readonly cause: LabelCause };
