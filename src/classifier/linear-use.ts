import { readoutInputs, type ReadoutPart } from '../snn/linear-readout.js';

/**
 * When a linear readout is used beside the votes; `auto`: where samples are feature vectors of at most
 * {@link mostAutoInputs} numbers.
 */
export const linearReadoutUses = ['auto', 'always', 'never'] as const;

/** One of {@link linearReadoutUses}. */
export type LinearReadoutUse = (typeof linearReadoutUses)[number];

/** Longest sample for which `auto` uses a linear readout: a label then takes about 2 ms, and P is 17 MB. */
export const mostAutoInputs = 2048;

/** Samples as a linear readout may take them. */
export interface ReadableSamples {
  /** Parts in which a linear readout takes a sample. */
  readonly readout: readonly ReadoutPart[];
  /** Whether they are feature vectors. */
  readonly features: boolean;
}

/** Parts in which a linear readout takes such samples; `undefined`: none is used. */
export function linearParts(
  use: LinearReadoutUse,
  { readout, features }: ReadableSamples,
): readonly ReadoutPart[] | undefined {
  const unasked = use === 'auto' && features && readoutInputs(readout) <= mostAutoInputs;
  return use === 'always' || unasked ? readout : undefined;
}
