import { readoutInputs, type ReadoutPart } from '../snn/linear-readout.js';

/**
 * When a linear readout stands beside the votes; `auto`: where samples are feature vectors of at most {@link
 * mostAutoInputs} numbers.
 */
export const linearReadoutUses = ['auto', 'always', 'never'] as const;

/** One of {@link linearReadoutUses}. */
export type LinearReadoutUse = (typeof linearReadoutUses)[number];

/** Longest sample for which `auto` uses it: a label takes about 2 ms there, and P is 17 MB. */
export const mostAutoInputs = 2048;

/** Facts about samples. */
export interface ReadableSamples {
  /** How a linear readout takes one. */
  readonly readout: readonly ReadoutPart[];
  /** They are vectors of features. */
  readonly features: boolean;
}

/** How a linear readout takes such samples; `undefined`: none is used. */
export function linearParts(
  use: LinearReadoutUse,
  { readout, features }: ReadableSamples,
): readonly ReadoutPart[] | undefined {
  const unasked = use === 'auto' && features && readoutInputs(readout) <= mostAutoInputs;
  return use === 'always' || unasked ? readout : undefined;
}
