import { readoutInputs, type ReadoutPart } from '../snn/linear-readout.js';

/** When a linear readout stands beside the votes; `auto`: where samples are vectors of features, at most {@link mostAutoInputs} long. */
export const linearReadoutUses = ['auto', 'always', 'never'] as const;

/** One of {@link linearReadoutUses}. */
export type LinearReadoutUse = (typeof linearReadoutUses)[number];

/** Numbers of a sample up to which it is used unasked: a label takes about 2 ms then, and P is 17 MB. */
export const mostAutoInputs = 2048;

/** What is known of samples. */
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
