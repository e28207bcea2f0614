import { type Json, type Snapshot, storedArray, storedNames } from '../base/snapshot.js';
import type { KeptSample } from '../classifier/label-buffer.js';
import type { OperatingProfile } from '../timestep/controller/profile.js';
import { readProfile } from '../timestep/controller/profile-check.js';

/** Value in `reservoir.right` where it is not known whether the answer was right. */
const unknown = 2;

/** State of the recalibration. */
export interface RecalibrationState {
  /** Recent labelled samples, oldest first. */
  readonly samples: readonly KeptSample[];
  /** The profile measured on the robot; absent: not yet. */
  readonly measured: OperatingProfile | undefined;
}

/**
 * Puts the state into a snapshot: tensors `reservoir.intensities` and `reservoir.right`, `reservoir_names` and
 * `profile` in the meta.
 *
 * @param inputs - D, bytes of a sample
 */
export function withRecalibration(snapshot: Snapshot, state: RecalibrationState, inputs: number): Snapshot {
  const { samples, measured } = state;
  const data = new Uint8Array(samples.length * inputs);
  samples.forEach(({ intensities }, at) => {
    data.set(intensities, at * inputs);
  });
  const names = samples.map(({ name }) => name);
  const right = Uint8Array.from(samples, (sample) => (sample.right === undefined ? unknown : Number(sample.right)));
  return {
    ...snapshot,
    tensors: {
      ...snapshot.tensors,
      'reservoir.intensities': { shape: [samples.length, inputs], data },
      'reservoir.right': { shape: [samples.length], data: right },
    },
    meta: { ...snapshot.meta, reservoir_names: names, profile: (measured ?? null) as unknown as Json },
  };
}

/**
 * Reads the state from a snapshot; format 1 has none.
 *
 * @param most - most samples kept
 * @throws TopsparkError `bad_state` or `bad_profile` naming what was found and expected
 */
export function recalibrationOf({ tensors, meta }: Snapshot, inputs: number, most: number): RecalibrationState {
  if (!('reservoir_names' in meta)) return { samples: [], measured: undefined };
  const names = storedNames(meta['reservoir_names'], 'reservoir_names', most);
  const data = storedArray(tensors, 'reservoir.intensities', new Uint8Array(), names.length * inputs);
  // Older files lack it.
  const right =
    'reservoir.right' in tensors
      ? storedArray(tensors, 'reservoir.right', new Uint8Array(), names.length, 0, unknown)
      : new Uint8Array(names.length).fill(unknown);
  const samples = names.map((name, at) => ({
    ...{ name, intensities: data.slice(at * inputs, (at + 1) * inputs) },
    ...(right[at] !== unknown && { right: right[at] === 1 }),
  }));
  const profile = meta['profile'] ?? null;
  return { samples, measured: profile === null ? undefined : readProfile(profile, 'profile of the stored agent') };
}
