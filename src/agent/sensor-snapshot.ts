import type { Json, Snapshot, Tensor } from '../base/snapshot.js';
import { badState, storedArray } from '../readout/stored-array.js';

/** The sensors of an agent, and what it remembers of the last sample. */
export interface SourceState {
  readonly sensors: readonly {
    readonly name: string;
    /** Name of the encoding. */
    readonly encoding: string;
    /** Intensities of its part of a sample. */
    readonly inputs: number;
    /** Intensities that are remembered: of those encoded as changes. */
    readonly remembers: number;
    /** What it showed in the sample before; `undefined`: nothing yet. */
    readonly before: Uint8Array | undefined;
  }[];
  /** Stamp of the last sample [ns]; `undefined`: there was none. */
  readonly stamp: bigint | undefined;
}

/** Puts it into a snapshot of what was learned: `sensors` in the meta; `last_stamp`, and `before.K` of the K-th sensor. */
export function withSensors(snapshot: Snapshot, { sensors, stamp }: SourceState): Snapshot {
  const remembered = sensors.flatMap(({ before }, k): [string, Tensor][] =>
    before === undefined ? [] : [[`before.${k}`, { shape: [before.length], data: before }]],
  );
  if (stamp !== undefined) remembered.push(['last_stamp', { shape: [1], data: BigInt64Array.of(stamp) }]);
  return {
    ...snapshot,
    tensors: { ...snapshot.tensors, ...Object.fromEntries(remembered) },
    meta: { ...snapshot.meta, sensors: sensors.map(told) },
  };
}

/**
 * Takes it out of a snapshot. One that was written before it was stored, or by `topspark train`, holds none of it.
 *
 * @param own - of the agent that takes it over
 * @throws TopsparkError `bad_state` where it was learned from sensors encoded otherwise
 */
export function sensorsOf({ tensors, meta }: Snapshot, own: SourceState): SourceState {
  const { sensors } = own;
  if (!('sensors' in meta)) return { sensors: [], stamp: undefined };
  // A picture is a picture, compressed or not: what counts is how it is encoded.
  const way = (each: Json): Json => (isTold(each) ? [each['encoding'], each['inputs']] : null);
  const [found, expected] = [meta['sensors'], sensors.map(told)];
  const stored: readonly Json[] = Array.isArray(found) ? found : [];
  if (JSON.stringify(stored.map(way)) !== JSON.stringify(expected.map(way))) {
    badState('sensors', JSON.stringify(found), JSON.stringify(expected));
  }
  const remembered = sensors.map((sensor, k) => {
    const tensor = `before.${k}`;
    const known = tensor in tensors && sensor.remembers > 0;
    return { ...sensor, before: known ? storedArray(tensors, tensor, new Uint8Array(), sensor.remembers) : undefined };
  });
  const [stamp] = 'last_stamp' in tensors ? storedArray(tensors, 'last_stamp', new BigInt64Array(), 1) : [];
  return { sensors: remembered, stamp };
}

const told = ({ name, encoding, inputs }: SourceState['sensors'][number]): Json => ({ name, encoding, inputs });

const isTold = (each: Json): each is Readonly<Record<string, Json>> =>
  typeof each === 'object' && each !== null && !Array.isArray(each);
