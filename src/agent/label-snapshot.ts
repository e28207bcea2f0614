import { badState, type Json, type Snapshot, storedArray, storedNames } from '../base/snapshot.js';
import { labelKinds, type LabelKind } from '../classifier/label-kinds.js';
import type { LabelEvent } from './events.js';

/** A label whose sample was not decided yet. */
export interface WaitingLabel extends LabelEvent {
  /** Stamp of the last sample when the label came; the label's own where there was none [ns]. */
  readonly since: bigint;
}

/** Puts waiting labels into a snapshot: `waiting.…`, and `waiting_names` and `waiting_kinds` in the meta. */
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
    meta: {
      ...snapshot.meta,
      waiting_names: labels.map(({ name }) => name),
      waiting_kinds: labels.map(({ kind = 'unset' }) => labelKinds.indexOf(kind)),
    },
  };
}

/**
 * Reads waiting labels from a snapshot; older files have none.
 *
 * @param most - most labels that may wait
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function labelsOf({ tensors, meta }: Snapshot, most: number): WaitingLabel[] {
  if (!('waiting_names' in meta)) return [];
  const sound = storedNames(meta['waiting_names'], 'waiting_names', most);
  const [stamps, since] = ['waiting.stamps', 'waiting.since'].map((name) =>
    storedArray(tensors, name, new BigInt64Array(), sound.length),
  );
  const kinds = meta['waiting_kinds'];
  return sound.map((name, at) => ({ name, kind: kindAt(kinds, at), stamp: stamps[at], since: since[at] }));
}

// Older files have no kinds: every label is `unset` there.
function kindAt(kinds: Json | undefined, at: number): LabelKind {
  if (kinds === undefined) return 'unset';
  const number = Array.isArray(kinds) ? (kinds as readonly Json[]).at(at) : undefined;
  const kind = typeof number === 'number' ? labelKinds.at(Math.max(0, number)) : undefined;
  if (kind !== undefined && Number.isInteger(number)) return kind;
  badState(`waiting_kinds[${at}]`, JSON.stringify(number ?? 'missing'), `an integer 0..${labelKinds.length - 1}`);
}
