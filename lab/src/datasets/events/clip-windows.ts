import { sensorEvent } from 'topspark/node/messages.js';
import { toStamp } from 'topspark/base/time.js';
import { columnOf, polarityOf, rowOf } from 'topspark/sensing/events/event-batch.js';
import { SampleSource, type SensorSettings } from 'topspark/sensing/in-time/sample-source.js';
import { allValues, sensorKind } from 'topspark/sensing/sensor-kinds.js';
import { noFrontEnd, sumOfFrontEnds, type FrontEndCounts } from 'topspark/snn/operation-counts.js';
import type { Dataset } from '../dataset.js';
import type { EventClip } from './event-clip.js';

/** Stamp at which each recording begins [ns]; not 0, since 0 means no stamp. */
const begin = 1_000_000_000n;

/**
 * Makes the samples that a robot with an event camera would make of recordings, by the same code: a recording becomes
 * packets, and the sensor decides which windows are complete and what their intensities are.
 *
 * Window k of a recording, k = 0, 1, …, ends at `window` + k `hop`. The last one ends at most half a hop after the last
 * event.
 */
export class ClipWindows {
  readonly rows: number;
  readonly columns: number;
  readonly intensities: NonNullable<Dataset['intensities']>;
  readonly #source: SampleSource;
  readonly #name: string;
  /** Length of a sample's window [µs]. */
  readonly window: number;
  readonly #hop: number;
  #work: Readonly<FrontEndCounts> = noFrontEnd;
  #count = 0;

  /** @throws {@link TopsparkError} `out_of_range` naming the parameter */
  constructor(settings: SensorSettings) {
    const [{ name, values: given }] = settings.use;
    const values = allValues(sensorKind(name), given);
    this.#source = new SampleSource(settings);
    this.#name = name;
    this.window = Math.round(1e6 * values.number('window'));
    this.#hop = Math.round(1e6 * values.number('hop'));
    const { rows, columns, polarity, state } = this.#source;
    [this.rows, this.columns] = [rows, columns];
    const sensors = state.sensors.map(({ name: each, encoding, inputs, parameters = {} }) => ({
      ...{ name: each, encoding, inputs, parameters },
    }));
    const mean = (): FrontEndCounts => meanOf(this.#work, this.#count);
    this.intensities = {
      ...{ polarity, sensors },
      get work(): FrontEndCounts {
        return mean();
      },
    };
  }

  /**
   * Intensities of each window of a recording; a window without contrast is all zero.
   *
   * @returns none where the recording is shorter than a window
   */
  of(clip: EventClip): Uint8Array[] {
    const source = this.#source;
    // Forget the recording before.
    source.remember({ sensors: [], stamp: undefined });
    const windows: Uint8Array[] = [];
    for (const [seq, { from, end, start }] of this.#packets(clip).entries()) {
      const stamp = toStamp(begin + BigInt(1000 * start));
      const message = {
        ...{ header: { stamp, frame_id: '' }, width: clip.width, height: clip.height },
        ...{ seq: BigInt(seq), encoding: 'libcaer', is_bigendian: false, events: libcaerBytes(clip, from, end) },
      };
      for (const sample of source.hear(sensorEvent(this.#name, message, 0))) {
        if (!('parts' in sample)) continue;
        const into = new Uint8Array(this.rows * this.columns);
        source.encode(sample, into);
        this.#work = sumOfFrontEnds([this.#work, source.work]);
        this.#count++;
        windows.push(into);
      }
    }
    return windows;
  }

  // A packet begins where a window may end. Its stamp is the time of its first event.
  #packets({ time }: EventClip): { readonly from: number; readonly end: number; readonly start: number }[] {
    const length = time.at(-1) ?? 0;
    const packets = [{ from: 0, end: 0, start: 0 }];
    let [from, cut] = [0, 0];
    for (let due = this.window; cut <= length; due += this.#hop) {
      const last = due > length + this.#hop / 2;
      let end = from;
      while (end < time.length && (last || time[end] < due)) end++;
      packets.push({ from, end, start: from < end ? time[from] : cut });
      if (last) break;
      [from, cut] = [end, due];
      if (cut > length) packets.push({ from: end, end, start: cut });
    }
    return packets;
  }
}

/** Encodes events as `libcaer`: 64 bits each, with times relative to the first. */
function libcaerBytes({ address, time }: EventClip, from: number, end: number): Uint8Array {
  const words = new Uint32Array(2 * (end - from));
  for (let k = from, at = 0; k < end; k++, at += 2) {
    const place = address[k];
    words[at] = (columnOf(place) << 17) | (rowOf(place) << 2) | (polarityOf(place) << 1) | 1;
    words[at + 1] = time[k] - time[from];
  }
  return new Uint8Array(words.buffer);
}

const meanOf = (work: Readonly<FrontEndCounts>, count: number): FrontEndCounts =>
  Object.fromEntries(Object.entries(work).map(([name, each]) => [name, count === 0 ? 0 : each / count])) as never;
