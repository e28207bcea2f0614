import type { Snapshot } from '../base/snapshot.js';

/** Record of merges in a checkpoint: `fleet` in the meta and `fleet.…` tensors. The agent only stores it. */
export type FleetRecord = Pick<Snapshot, 'tensors' | 'meta'>;

/** The record before the first merge. */
export const noFleet: FleetRecord = { tensors: {}, meta: {} };

/** Reads the record from a snapshot. */
export function fleetRecordOf({ tensors, meta }: Snapshot): FleetRecord {
  if (!('fleet' in meta)) return noFleet;
  const own = Object.entries(tensors).filter(([name]) => name.startsWith('fleet.'));
  return { tensors: Object.fromEntries(own), meta: { fleet: meta['fleet'] } };
}

/** Puts the record into a snapshot. */
export function withFleetRecord(snapshot: Snapshot, { tensors, meta }: FleetRecord): Snapshot {
  return { ...snapshot, tensors: { ...snapshot.tensors, ...tensors }, meta: { ...snapshot.meta, ...meta } };
}
