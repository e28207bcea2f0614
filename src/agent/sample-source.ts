import { EventShares } from '../encoding/event-shares.js';
import type { SensorUse } from '../encoding/sensor-kinds.js';
import { hilbertScan } from '../snn/hilbert-scan.js';
import type { RefusalEvent, SensorEvent } from './events.js';
import { SensorPart } from './sensor-part.js';
import type { SourceState } from './sensor-snapshot.js';
import { Synchroniser, type Sample, type SyncSettings } from './synchroniser.js';

/** Which sensors an agent has, and how it brings them together. */
export interface SensorSettings {
  /** At least one, each once; the first is the primary one: its stamp and frame are those of the sample. */
  readonly use: readonly SensorUse[];
  readonly sync: SyncSettings;
}

/** What became of a sample on its way into intensities. */
export interface Encoded {
  /** False: the sample is refused. */
  readonly usable: boolean;
  /** Messages that were refused: the one that refuses the sample, or those that it is decided without. */
  readonly refusals: readonly RefusalEvent[];
}

/**
 * From messages of one or several sensors to the intensities of a sample. A single picture keeps its shape; several
 * sensors become one row, each of them in the order in which the network would have read it alone, and each with its share
 * of the input events.
 */
export class SampleSource {
  readonly rows: number;
  readonly columns: number;
  /** Whether the network is to invert bright pictures. */
  readonly polarity: boolean;
  readonly #names: readonly string[];
  readonly #parts: readonly SensorPart[];
  readonly #synchroniser: Synchroniser | undefined;
  /** Of each sensor where there are several: the order in which it is read, and its intensities. */
  readonly #rows: readonly { readonly scan: Uint16Array; readonly intensities: Uint8Array }[];
  readonly #shares: EventShares;
  readonly #without: boolean;
  #received = 0;
  /** Stamp of the last sample that was not refused [ns]. */
  #last: bigint | undefined;

  /** @throws {@link TopsparkError} `sensor_unknown`, or `out_of_range` naming the parameter */
  constructor({ use, sync }: SensorSettings) {
    this.#parts = use.map((each) => new SensorPart(each));
    this.#names = use.map(({ name }) => name);
    const several = use.length > 1;
    const [first] = this.#parts;
    const inputs = this.#parts.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    this.rows = several ? 1 : first.rows;
    this.columns = several ? inputs : first.columns;
    this.polarity = !several && first.polarity;
    this.#synchroniser = several ? new Synchroniser(this.#names, sync) : undefined;
    this.#shares = new EventShares(this.#parts.map(({ share }) => share));
    this.#without = sync.policy === 'without';
    this.#rows = this.#parts.map(({ rows, columns }) => ({
      scan: hilbertScan(rows, columns),
      intensities: new Uint8Array(rows * columns),
    }));
  }

  /** Samples of the primary sensor so far, whatever became of them. */
  get received(): number {
    return this.#received;
  }

  /** Which sensors there are, and a copy of what is remembered of earlier messages for the samples to come. */
  get state(): SourceState {
    const sensors = this.#parts.map(({ name, encoding, rows, columns, remembers, before, heard }) => ({
      ...{ name, encoding, inputs: rows * columns, remembers },
      ...{ before: before?.slice(), heard },
    }));
    return { sensors, stamp: this.#last };
  }

  /** Takes over what was remembered; the sensors must be these. */
  remember({ sensors, stamp }: SourceState): void {
    this.#last = stamp;
    for (const [k, part] of this.#parts.entries()) {
      part.before = sensors[k]?.before;
      part.heard = sensors[k]?.heard;
    }
  }

  /** The next sample is the first: it shows no change. */
  forget(): void {
    this.#last = undefined;
    for (const part of this.#parts) part.before = undefined;
  }

  /**
   * Hears a message; one of a sensor that is not in use says nothing.
   *
   * @returns the samples that are complete with it, and refusals of those that cannot be
   * @throws {@link TopsparkError} of kind `data` where the message is refused
   */
  hear(event: SensorEvent): (Sample | RefusalEvent)[] {
    const sensor = this.#names.indexOf(event.sensor);
    if (sensor < 0) return [];
    const complete = this.#parts[sensor].hear(event);
    if (sensor === 0) {
      if (!complete) return [];
      this.#received++;
    }
    if (this.#synchroniser) return this.#synchroniser.add(sensor, event);
    const { stamp, frameId, taken } = event;
    return [{ stamp, frameId, taken, parts: [event] }];
  }

  /**
   * Encodes a sample, once. One that is refused leaves no trace; changes are those since the last that was not.
   *
   * @param into - `rows` × `columns` bytes
   */
  encode(sample: Sample, into: Uint8Array): Encoded {
    // A recording that starts again, or a clock that was set back.
    if (this.#last !== undefined && sample.stamp < this.#last) this.forget();
    const { refused, ...encoded } = this.#synchroniser ? this.#join(sample, into) : this.#encodeOne(sample, into);
    if (refused) return encoded;
    this.#last = sample.stamp;
    for (const part of this.#parts) part.keep();
    return encoded;
  }

  /** Nothing reads this sample any more. */
  discard({ parts }: Sample): void {
    // A message of several sensors may be part of the next sample too.
    if (this.#synchroniser === undefined) parts[0].release?.();
  }

  /** Forgets what waits for a match. */
  reset(): void {
    this.#synchroniser?.reset();
  }

  #encodeOne(sample: Sample, into: Uint8Array): Outcome {
    const refusal = this.#parts[0].encode(sample.parts[0], into);
    this.discard(sample);
    if (refusal === undefined) return { usable: true, refusals: [], refused: false };
    return { usable: false, refusals: [refusal], refused: !refusal.silent };
  }

  #join(sample: Sample, into: Uint8Array): Outcome {
    const refusals: RefusalEvent[] = [];
    let silence: RefusalEvent | undefined;
    let speaking = false;
    let at = 0;
    const shared: Uint8Array[] = [];
    for (const [k, { scan, intensities }] of this.#rows.entries()) {
      const event = sample.parts[k];
      const refusal = this.#parts[k].encode(event, intensities);
      if (refusal?.silent) silence ??= refusal;
      else if (refusal !== undefined) {
        refusals.push(refusal);
        if (k === 0 || !this.#without) return { usable: false, refusals, refused: true };
      }
      const speaks = event !== undefined && refusal === undefined;
      if (!speaks) intensities.fill(0);
      speaking ||= speaks;
      shared.push(into.subarray(at, at + scan.length));
      for (const index of scan) into[at++] = intensities[index];
    }
    this.#shares.apply(shared);
    // A sensor that has nothing to say is silent in the sample; only where all are it has nothing to show.
    const told = speaking || silence === undefined ? refusals : [...refusals, silence];
    return { usable: speaking, refusals: told, refused: false };
  }
}

interface Outcome extends Encoded {
  /** Whether a message in it is wrong, so that the sample is as if it had never come. */
  readonly refused: boolean;
}
