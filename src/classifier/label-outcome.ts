import type { LabelKind } from './label-kinds.js';

/** Why a label teaches nothing. */
export type LabelCause = 'unknown_stamp' | 'silent_sample' | 'too_many_classes' | 'duplicate';

/** A label that found its sample, or the reason why it teaches nothing. */
export type LabelOutcome =
  | {
      readonly found: true;
      /** The kind that it was treated as. */
      readonly kind: LabelKind;
      /** Number of the sample. */
      readonly sample: number;
      /** The answer at the time was 'unknown'. */
      readonly abstained: boolean;
      /** The answer given at the time was this class. */
      readonly correct: boolean;
      /** The answer given at the time; empty: none. */
      readonly answered: string;
      /** The same of the net answer: the network judges itself by it. */
      readonly net: { readonly correct: boolean; readonly answered: string };
      /** The label replaced an earlier one, of this class; `undefined`: it was the first. */
      readonly corrected: string | undefined;
      /** It repeats the last label of a burst for a similar sample: skipped, nothing is lost. */
      readonly repeated: boolean;
      /** Neurons that it also named: a group that had been met and had no name. */
      readonly named: number;
      /**
       * The network learned from the label; it does not where the sample was not learned, unless it was familiar and
       * answered wrong.
       */
      readonly credited: boolean;
      /** Multiply-adds, in addition to the presentation's. */
      readonly labelUpdates: number;
      /** Weights of class neurons that it moved. */
      readonly plasticityUpdates: number;
    }
  | { readonly found: false; readonly cause: LabelCause };
