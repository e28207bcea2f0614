import { sensorEncoder, type SensorUse } from '../encoding/sensor-kinds.js';
import type { SensorEncoder } from '../encoding/sensor.js';
import { Silence } from '../encoding/silence.js';
import { hilbertScan } from '../snn/hilbert-scan.js';
import { refusal as toRefusal } from './attempt.js';
import type { RefusalEvent, SensorEvent } from './events.js';
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
 * sensors become one row, each of them in the order in which the network would have read it alone.
 */
export class SampleSource {
  readonly rows: number;
  readonly columns: number;
  /** Whether the network is to invert bright pictures. */
  readonly polarity: boolean;
  readonly #names: readonly string[];
  readonly #encoders: readonly SensorEncoder[];
  readonly #synchroniser: Synchroniser | undefined;
  readonly #parts: readonly { readonly scan: Uint16Array; readonly intensities: Uint8Array }[];
  readonly #without: boolean;
  #received = 0;

  /** @throws {@link TopsparkError} `sensor_unknown`, or `out_of_range` naming the parameter */
  constructor({ use, sync }: SensorSettings) {
    this.#names = use.map(({ name }) => name);
    this.#encoders = use.map(sensorEncoder);
    const several = use.length > 1;
    const [first] = this.#encoders;
    const inputs = this.#encoders.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    this.rows = several ? 1 : first.rows;
    this.columns = several ? inputs : first.columns;
    this.polarity = !several && first.polarity;
    this.#synchroniser = several ? new Synchroniser(this.#names, sync) : undefined;
    this.#without = sync.policy === 'without';
    this.#parts = this.#encoders.map(({ rows, columns }) => ({
      scan: hilbertScan(rows, columns),
      intensities: new Uint8Array(rows * columns),
    }));
  }

  /** Samples of the primary sensor so far, whatever became of them. */
  get received(): number {
    return this.#received;
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
    const complete = this.#encoders[sensor].hear?.(event.message, event.stamp) ?? true;
    if (sensor === 0) {
      if (!complete) return [];
      this.#received++;
    }
    if (this.#synchroniser) return this.#synchroniser.add(sensor, event);
    const { stamp, frameId, taken } = event;
    return [{ stamp, frameId, taken, parts: [event] }];
  }

  /**
   * Encodes a sample, once.
   *
   * @param into - `rows` × `columns` bytes
   */
  encode(sample: Sample, into: Uint8Array): Encoded {
    if (this.#synchroniser === undefined) {
      const refusal = this.#encodePart(0, sample.parts[0], into);
      this.discard(sample);
      return refusal === undefined ? good : { usable: false, refusals: [refusal] };
    }
    const refusals: RefusalEvent[] = [];
    let silence: RefusalEvent | undefined;
    let speaking = false;
    let at = 0;
    for (const [k, { scan, intensities }] of this.#parts.entries()) {
      const event = sample.parts[k];
      const refusal = event && this.#encodePart(k, event, intensities);
      if (refusal?.silent) silence ??= refusal;
      else if (refusal !== undefined) {
        refusals.push(refusal);
        if (k === 0 || !this.#without) return { usable: false, refusals };
      }
      const speaks = event !== undefined && refusal === undefined;
      if (!speaks) intensities.fill(0);
      speaking ||= speaks;
      for (const index of scan) into[at++] = intensities[index];
    }
    // A sensor that has nothing to say is silent in the sample; only where all are it has nothing to show.
    return { usable: speaking, refusals: speaking || silence === undefined ? refusals : [...refusals, silence] };
  }

  /** Nothing reads this sample any more. */
  discard({ parts }: Sample): void {
    // A message of several sensors may be part of the next sample too.
    if (this.#synchroniser === undefined) parts[0].release?.();
  }

  /** Forgets what waits for a match, and what encoders remember of earlier messages. */
  reset(): void {
    this.#synchroniser?.reset();
    for (const encoder of this.#encoders) encoder.reset?.();
  }

  #encodePart(sensor: number, { message, stamp }: SensorEvent, into: Uint8Array): PartRefusal | undefined {
    try {
      this.#encoders[sensor].encode(message, into, stamp);
      return undefined;
    } catch (error) {
      return { ...toRefusal(this.#names[sensor], error), silent: error instanceof Silence };
    }
  }
}

interface PartRefusal extends RefusalEvent {
  readonly silent: boolean;
}

const good: Encoded = { usable: true, refusals: [] };
