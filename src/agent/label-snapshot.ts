import { type Snapshot, storedArray, storedNames } from '../base/snapshot.js';
import type { LabelEvent } from './events.js';

/** A label whose sample was not decided yet. */
export interface WaitingLabel extends LabelEvent {
  /** Stamp of the last sample when it was heard; its own where there was none [ns]. */
  readonly since: bigint;
}

/** Puts labels that wait into a snapshot of what was learned: `waiting.…`, and `waiting_names` in the meta. */
export function withLabels(snapshot: Snapshot, labels: readonly WaitingLabel[]): Snapshot {
  const times = (of: (label: WaitingLabel) => bigint) => ({
    shape: [labels.length],
    data: BigInt64Array.from(labels, of),
  });
  return {
    ...snapshot,
    tensors: {
      ...snapshot.tensors,
      'waiting.stamps': times(({ stamp }) => stamp),
      'waiting.since': times(({ since }) => since),
    },
    meta: { ...snapshot.meta, waiting_names: labels.map(({ name }) => name) },
  };
}

/**
 * Takes them out of a snapshot; one that was written before they were stored holds none.
 *
 * @param most - labels that wait
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function labelsOf({ tensors, meta }: Snapshot, most: number): WaitingLabel[] {
  if (!('waiting_names' in meta)) return [];
  const sound = storedNames(meta['waiting_names'], 'waiting_names', most);
  const [stamps, since] = ['waiting.stamps', 'waiting.since'].map((name) =>
    storedArray(tensors, name, new BigInt64Array(), sound.length),
  );
  return sound.map((name, at) => ({ name, stamp: stamps[at], since: since[at] }));
}
