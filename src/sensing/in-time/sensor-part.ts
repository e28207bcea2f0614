import type { ReadoutPart } from '../../snn/linear-readout.js';
import { changeEncoding, inItsName, sensorEncoder, type SensorUse } from '../sensor-kinds.js';
import type { HeardMessages, SensorEncoder, ShownInputs, Sight } from '../sensor.js';
import { Novelty } from '../novelty.js';
import { Silence } from '../refuse.js';
import { TemporalContrast } from '../temporal-contrast.js';
import { refusal as toRefusal, type RefusalEvent } from '../../base/refusal.js';
import { noFrontEnd, sumOfFrontEnds, type FrontEndCounts } from '../../snn/operation-counts.js';
import type { SensorEvent } from '../sensor-event.js';

/** Why a message of a sensor contributes nothing to a sample. */
export interface PartRefusal extends RefusalEvent {
  /** Whether the message is valid but shows nothing. */
  readonly silent: boolean;
  /** Whether it shows nothing and that is a fault. */
  readonly fault: boolean;
}

/** One sensor's part of every sample: its encoder, and its part of the last sample where changes are encoded. */
export class SensorPart {
  readonly name: string;
  /** Name of the encoding that is used. */
  readonly encoding: string;
  /** Shape of the intensities; one row: not a picture. The off plane of changes follows the on plane. */
  readonly rows: number;
  readonly columns: number;
  readonly polarity: boolean;
  /** How its inputs are shown. */
  readonly shown: ShownInputs;
  /** How a linear readout uses it, and whether it is a feature vector. */
  readonly readout: ReadoutPart;
  readonly features: boolean;
  /** Its share of the events, relative to other sensors. */
  readonly share: number;
  readonly #encoder: SensorEncoder;
  readonly #change: TemporalContrast | undefined;
  /** Absent: every message is decided. */
  readonly #novelty: Novelty | undefined;
  #read = false;
  /** Whether there is a sketch of the sample's message. */
  #sketched = false;
  /** The message whose intensities serve as its sketch, and the cost of encoding them. */
  #encoded: { readonly event: SensorEvent; readonly work: Readonly<FrontEndCounts> } | undefined;
  #work: Readonly<FrontEndCounts> = noFrontEnd;

  /** @throws {@link TopsparkError} `sensor_unknown`, or `out_of_range` naming the parameter */
  constructor(use: SensorUse) {
    const { encoder, encoding, weight, novelty } = sensorEncoder(use);
    const { rows, columns, polarity } = encoder;
    const changes = encoding === changeEncoding;
    this.name = use.name;
    this.encoding = encoding;
    this.#encoder = encoder;
    this.#change = changes ? new TemporalContrast(use.name, rows * columns) : undefined;
    this.#novelty = novelty > 0 ? new Novelty(novelty, encoder.sketch?.length ?? rows * columns) : undefined;
    this.rows = changes && rows > 1 ? 2 * rows : rows;
    this.columns = changes && rows === 1 ? 2 * columns : columns;
    this.shown = (changes ? undefined : encoder.shown) ?? { rows: this.rows, columns: this.columns };
    this.share = weight * this.rows * this.columns;
    this.features = encoder.features !== undefined;
    // Planes of a picture lie along its Hilbert curve, not one after the other, so they are not signed halves.
    const signed = this.rows === 1 && (changes || encoder.features?.signed === true);
    this.readout = { inputs: this.rows * this.columns, signed };
    // With two planes there is nothing to invert.
    this.polarity = polarity && !changes;
  }

  /** Time for which a sample looks back [ns]. */
  get span(): bigint {
    return this.#encoder.span ?? 0n;
  }

  /** Its part of the last sample; `undefined`: there was none, or changes are not encoded. */
  get before(): Uint8Array | undefined {
    return this.#change?.before;
  }

  set before(intensities: Uint8Array | undefined) {
    if (this.#change) this.#change.before = intensities;
  }

  /** Whether messages are compared with the last decided one. */
  get repeats(): boolean {
    return this.#novelty !== undefined;
  }

  /** Sketch of the last decided message; `undefined`: none. */
  get sketch(): Uint8Array | undefined {
    return this.#novelty?.last;
  }

  set sketch(bytes: Uint8Array | undefined) {
    if (this.#novelty) this.#novelty.last = bytes;
  }

  /** A copy of the encoder's state from earlier messages; `undefined`: none. */
  get heard(): HeardMessages | undefined {
    return this.#encoder.heard;
  }

  set heard(messages: HeardMessages | undefined) {
    if (this.#encoder.hear) this.#encoder.heard = messages;
  }

  /** Numbers in the state for each stamp; `undefined`: any. */
  get heardPerStamp(): number | undefined {
    return this.#encoder.heardPerStamp;
  }

  /** Counts of the parts of its messages, if a message has many. */
  get details(): Readonly<Record<string, number>> | undefined {
    return this.#encoder.details;
  }

  /** Number of intensities for which changes are encoded; 0: none. */
  get remembers(): number {
    return this.#change?.inputs ?? 0;
  }

  /** Whether its encoder builds samples from earlier messages. */
  get listens(): boolean {
    return this.#encoder.hear !== undefined;
  }

  /**
   * Takes a message.
   *
   * @param restart - whether its stamps have started again, so that earlier messages belong to other samples
   * @returns whether it completes a sample
   * @throws {@link TopsparkError} of kind `data` where the message is refused; nothing has changed then
   */
  hear({ message, stamp }: SensorEvent, restart: boolean): boolean {
    const encoder = this.#encoder;
    if (!encoder.hear) return true;
    const heard = restart ? encoder.heard : undefined;
    if (restart) encoder.heard = undefined;
    try {
      return encoder.hear(message, stamp);
    } catch (error) {
      if (restart) {
        encoder.takeFault?.();
        encoder.heard = heard;
      }
      throw inItsName(error, this.name);
    }
  }

  /** Why no sample was made though every message was valid; returned once. */
  takeFault(): RefusalEvent | undefined {
    const fault = this.#encoder.takeFault?.();
    return fault && toRefusal(this.name, inItsName(fault, this.name));
  }

  /**
   * Whether a message hardly differs from the last decided one; false for messages that will be refused, and for
   * missing ones.
   */
  alike(event: SensorEvent | undefined): boolean {
    const novelty = this.#novelty;
    this.#sketched = false;
    this.#encoded = undefined;
    if (novelty === undefined || event === undefined) return false;
    const { message, stamp, frameId } = event;
    try {
      if (this.#encoder.sketch) this.#encoder.sketch.write(message, novelty.now, stamp);
      else {
        this.#encoder.encode(message, novelty.now, stamp, frameId);
        this.#encoded = { event, work: this.#encoder.work ?? noFrontEnd };
      }
      this.#sketched = true;
      return novelty.alike;
    } catch {
      return false;
    }
  }

  /** The available resolutions of a picture, the largest first; none: there is no choice. */
  get sights(): readonly Sight[] {
    return this.#encoder.sights ?? [];
  }

  /** Sets the largest resolution from the next message on [pixel]. */
  lookAt(resolution: number): void {
    this.#encoder.lookAt?.(resolution);
  }

  /** Cost of the last message; 0 if none was encoded. */
  get work(): Readonly<FrontEndCounts> {
    return this.#work;
  }

  /**
   * Begins to encode a message in another thread.
   *
   * @returns settles once `encode` does not wait any more; `undefined`: nothing was begun, and `encode` does or refuses
   *   all of it
   */
  begin({ message }: SensorEvent): Promise<void> | undefined {
    try {
      return this.#encoder.begin?.(message);
    } catch {
      return undefined;
    }
  }

  /**
   * Encodes a message, or a missing one.
   *
   * @param into - `rows` × `columns` bytes
   */
  encode(event: SensorEvent | undefined, into: Uint8Array): PartRefusal | undefined {
    this.#read = false;
    this.#work = noFrontEnd;
    if (event === undefined) return undefined;
    try {
      this.#write(event, into);
      return undefined;
    } catch (error) {
      const silent = error instanceof Silence;
      return { ...toRefusal(this.name, inItsName(error, this.name)), silent, fault: silent && error.fault };
    }
  }

  /**
   * Notes that the sample with the message last checked by {@link SensorPart.alike} was decided. Later ones are
   * compared with it.
   */
  decided(): void {
    if (this.#sketched) this.#novelty?.keep();
    else this.sketch = undefined;
  }

  /**
   * Notes that the encoded sample counts, so the next changes refer to it. A part that was not encoded stays unchanged.
   */
  keep(): void {
    if (this.#read) this.#change?.keep();
  }

  #write(event: SensorEvent, into: Uint8Array): void {
    const change = this.#change;
    if (change === undefined) {
      this.#encode(event, into);
      return;
    }
    try {
      this.#encode(event, change.now);
    } catch (error) {
      if (!(error instanceof Silence)) throw error;
      // A loss of everything visible is a change too.
      change.now.fill(0);
    }
    this.#read = true;
    try {
      change.encode(into);
    } finally {
      this.#work = sumOfFrontEnds([this.#work, change.work]);
    }
  }

  // Only the header of a refused message is checked.
  #encode(event: SensorEvent, into: Uint8Array): void {
    const { message, stamp, frameId } = event;
    if (this.#novelty && this.#encoded?.event === event) {
      into.set(this.#novelty.now);
      this.#work = this.#encoded.work;
      return;
    }
    try {
      this.#encoder.encode(message, into, stamp, frameId);
      this.#work = this.#encoder.work ?? noFrontEnd;
    } catch (error) {
      if (error instanceof Silence) this.#work = this.#encoder.work ?? noFrontEnd;
      throw error;
    }
  }
}
