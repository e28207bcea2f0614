import { TopsparkError } from '../../base/errors.js';
import { type Json, type Snapshot, type Tensor, badState, storedArray } from '../../base/snapshot.js';
import type { HeardMessages } from '../sensor.js';
import { readingDifferences, describeDifferences, type SensorReading } from '../sensor-reading.js';

/** The sensors of an agent, and their state from the last sample and earlier messages. */
export interface SourceState {
  readonly sensors: readonly (SensorReading & {
    /** Number of intensities in its part of a sample. */
    readonly inputs: number;
    /** Number of intensities for which changes are encoded. */
    readonly remembers: number;
    /** Its part of the last sample; `undefined`: none yet. */
    readonly before: Uint8Array | undefined;
    /** Messages from which later samples are built; `undefined`: none yet. */
    readonly heard: HeardMessages | undefined;
    /** Numbers in them for each stamp; `undefined`: any. */
    readonly heardPerStamp: number | undefined;
    /** Sketch of the last decided message, where messages are compared with it; `undefined`: none. */
    readonly sketch: Uint8Array | undefined;
  })[];
  /** Stamp of the last sample [ns]; `undefined`: there was none. */
  readonly stamp: bigint | undefined;
}

/**
 * Adds the state to a snapshot: `sensors` and `last_stamp` in the meta; `before.K`, `heard.K.stamps`, `heard.K.values`,
 * `heard.K.due` and `sketch.K` for the K-th sensor.
 */
export function withSensors(snapshot: Snapshot, { sensors, stamp }: SourceState): Snapshot {
  const remembered = sensors.flatMap(({ before, heard, sketch }, k): [string, Tensor][] => [
    ...(before === undefined ? [] : [[`before.${k}`, { shape: [before.length], data: before }] as [string, Tensor]]),
    ...(heard === undefined ? [] : heardTensors(heard, k)),
    ...(sketch === undefined ? [] : [[`sketch.${k}`, { shape: [sketch.length], data: sketch }] as [string, Tensor]]),
  ]);
  if (stamp !== undefined) remembered.push(['last_stamp', { shape: [1], data: BigInt64Array.of(stamp) }]);
  return {
    ...snapshot,
    tensors: { ...snapshot.tensors, ...Object.fromEntries(remembered) },
    meta: { ...snapshot.meta, sensors: sensors.map(readingOf) },
  };
}

/**
 * Reads the state from a snapshot. A snapshot from `topspark train` or from before this state was stored has none.
 *
 * @param own - state of the agent that restores it
 * @throws TopsparkError `bad_state` where the state was learned with sensors that were read differently, naming each
 *   parameter
 */
export function sensorsOf({ tensors, meta }: Snapshot, own: SourceState): SourceState {
  const { sensors } = own;
  if (!('sensors' in meta)) return { sensors: [], stamp: undefined };
  const differences = readingDifferences(meta['sensors'], sensors);
  if (differences.length > 0) {
    throw new TopsparkError('bad_state', 'checkpoint', describeDifferences(differences, 'this checkpoint was learned'));
  }
  const inputs = (each: Json): Json | undefined => (each as { readonly inputs?: Json }).inputs;
  const found = (meta['sensors'] as readonly Json[]).map(inputs);
  const expected = sensors.map((sensor) => sensor.inputs);
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    badState('intensities of each sensor', JSON.stringify(found).slice(0, 80), JSON.stringify(expected));
  }
  const remembered = sensors.map((sensor, k) => {
    const tensor = `before.${k}`;
    const known = tensor in tensors && sensor.remembers > 0;
    return {
      ...sensor,
      before: known ? storedArray(tensors, tensor, new Uint8Array(), sensor.remembers) : undefined,
      heard: heardOf(tensors, k, sensor.heardPerStamp),
      sketch: sketchOf(tensors, k),
    };
  });
  const [stamp] = 'last_stamp' in tensors ? storedArray(tensors, 'last_stamp', new BigInt64Array(), 1) : [];
  return { sensors: remembered, stamp };
}

function heardTensors({ stamps, values, due }: HeardMessages, k: number): [string, Tensor][] {
  return [
    [`heard.${k}.stamps`, { shape: [stamps.length], data: stamps }],
    [`heard.${k}.values`, { shape: [stamps.length, values.length / stamps.length], data: values }],
    [`heard.${k}.due`, { shape: [1], data: BigInt64Array.of(due) }],
  ];
}

function heardOf(tensors: Snapshot['tensors'], k: number, perStamp: number | undefined): HeardMessages | undefined {
  const [stamps, values, due] = ['stamps', 'values', 'due'].map((name) => `heard.${k}.${name}`);
  if (!(stamps in tensors)) return undefined;
  const count = tensors[stamps].data.length;
  const numbers = perStamp !== undefined ? count * perStamp : values in tensors ? tensors[values].data.length : 0;
  return {
    stamps: storedArray(tensors, stamps, new BigInt64Array(), count),
    values: storedArray(tensors, values, new Float64Array(), numbers),
    due: storedArray(tensors, due, new BigInt64Array(), 1)[0],
  };
}

// Another length comes from another version of the program. The next message is then novel.
function sketchOf(tensors: Snapshot['tensors'], k: number): Uint8Array | undefined {
  const name = `sketch.${k}`;
  const data = name in tensors ? tensors[name].data : undefined;
  return data instanceof Uint8Array ? data : undefined;
}

const readingOf = ({ name, encoding, inputs, parameters = {} }: SourceState['sensors'][number]): Json => ({
  ...{ name, encoding, inputs, parameters },
});
