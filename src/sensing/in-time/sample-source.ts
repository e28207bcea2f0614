import { EventShares } from '../event-shares.js';
import { refuse } from '../refuse.js';
import type { SensorUse } from '../sensor-kinds.js';
import { stampText } from '../../base/time.js';
import type { ReadoutPart } from '../../snn/linear-readout.js';
import { readingsOf, type SensorReading } from '../sensor-reading.js';
import { hilbertScan } from '../../snn/lean/hilbert-scan.js';
import { sumOfFrontEnds, type FrontEndCounts } from '../../snn/operation-counts.js';
import type { SensorEvent } from '../sensor-event.js';
import type { RefusalEvent } from '../../base/refusal.js';
import { sightAt, type ShownInputs, type Sight } from '../sensor.js';
import { SensorPart } from './sensor-part.js';
import type { SourceState } from './sensor-snapshot.js';
import type { SensorAccount } from './sensor-account.js';
import { Synchroniser, type Sample, type Settled, type SyncSettings } from './synchroniser.js';
import { TimeLine } from './time-line.js';

/** Sensors of an agent, and how they are matched. */
export interface SensorSettings {
  /** At least one, each once; the first is the primary one: the sample has its stamp and frame. */
  readonly use: readonly SensorUse[];
  readonly sync: SyncSettings;
}

type Outcomes = (Sample | RefusalEvent)[];

/** Result of encoding a sample. */
export interface Encoded {
  /** False: the sample is refused. */
  readonly usable: boolean;
  /** Refused messages: the one that refuses the sample, or those that it is decided without. */
  readonly refusals: readonly RefusalEvent[];
}

/**
 * Turns messages of one or several sensors into the intensities of a sample. A single picture keeps its shape; several
 * sensors become one row, each in the order in which the network would read it alone, and each with its share of the
 * input events.
 */
export class SampleSource {
  readonly rows: number;
  readonly columns: number;
  /** Whether the network inverts bright pictures. */
  readonly polarity: boolean;
  readonly #names: readonly string[];
  readonly #readings: readonly SensorReading[];
  readonly #parts: readonly SensorPart[];
  readonly #lines: readonly TimeLine[];
  readonly #accounts: readonly { heard: number; used: number; counted: number }[];
  readonly #synchroniser: Synchroniser | undefined;
  /** For each of several sensors: its reading order and its intensities. */
  readonly #rows: readonly { readonly scan: Uint16Array; readonly intensities: Uint8Array }[];
  readonly #shares: EventShares;
  readonly #without: boolean;
  /** Whether a sample may repeat the answer of the one before it. */
  readonly repeats: boolean;
  /** Whether any sensor shows changes since the sample before. */
  readonly #changes: boolean;
  #received = 0;
  /** Stamp of the last sample that was not refused [ns]. */
  #last: bigint | undefined;
  /** How often stamps had started again before it. */
  #start = 0;

  /** @throws {@link TopsparkError} `sensor_unknown`, or `out_of_range` naming the parameter */
  constructor({ use, sync }: SensorSettings) {
    this.#parts = use.map((each) => new SensorPart(each));
    this.#names = use.map(({ name }) => name);
    this.#lines = use.map(() => new TimeLine());
    this.#accounts = use.map(() => ({ heard: 0, used: 0, counted: 0 }));
    this.#changes = this.#parts.some(({ remembers }) => remembers > 0);
    this.repeats = this.#parts.every(({ repeats }) => repeats);
    this.#readings = readingsOf(use);
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

  /** How a linear readout uses a sample. */
  get readout(): readonly ReadoutPart[] {
    return this.#parts.map(({ readout }) => readout);
  }

  /** How a sample is shown. */
  get shown(): ShownInputs {
    return this.#parts.length === 1 ? this.#parts[0].shown : { rows: this.rows, columns: this.columns };
  }

  /** Whether every sensor sends feature vectors. */
  get features(): boolean {
    return this.#parts.every(({ features }) => features);
  }

  /** Samples of the primary sensor so far, whatever their outcome. */
  get received(): number {
    return this.#received;
  }

  /** Message counts of each sensor. */
  get accounts(): readonly SensorAccount[] {
    return this.#accounts.map((account, sensor) => {
      const waiting = this.#parts[sensor].listens ? 0 : (this.#synchroniser?.waiting(sensor) ?? 0);
      const { details } = this.#parts[sensor];
      return { name: this.#names[sensor], ...account, waiting, ...(details && { details }) };
    });
  }

  /** Cost of encoding the last sample, whatever its outcome. */
  get work(): Readonly<FrontEndCounts> {
    return this.#parts.length === 1 ? this.#parts[0].work : sumOfFrontEnds(this.#parts.map(({ work }) => work));
  }

  /**
   * The available resolutions of pictures, the largest first, each with the cost of all pictures of a sample. Empty:
   * there is no choice.
   */
  get sights(): readonly Sight[] {
    const eyes = this.#parts.map(({ sights }) => sights).filter((sights) => sights.length > 0);
    const sides = [...new Set(eyes.flat().map(({ resolution }) => resolution))].sort((a, b) => b - a);
    return sides.map((resolution) => ({
      resolution,
      microseconds: eyes.reduce((sum, sights) => sum + (sightAt(sights, resolution)?.microseconds ?? 0), 0),
    }));
  }

  /** Sets the largest resolution of pictures from the next sample on [pixel]; by default the largest available. */
  lookAt(resolution = Infinity): void {
    for (const part of this.#parts) part.lookAt(resolution);
  }

  /** Time for which a sample looks back from its stamp [ns]: that of the primary sensor. */
  get span(): bigint {
    return this.#parts[0].span;
  }

  /** The sensors, and a copy of their state from earlier messages. */
  get state(): SourceState {
    const sensors = this.#parts.map(({ rows, columns, remembers, before, heard, heardPerStamp, sketch }, k) => ({
      ...{ ...this.#readings[k], inputs: rows * columns, remembers },
      ...{ before: before?.slice(), heard, heardPerStamp, sketch: sketch?.slice() },
    }));
    return { sensors, stamp: this.#last };
  }

  /** Restores a state; the sensors must be the same. */
  remember({ sensors, stamp }: SourceState): void {
    this.#last = stamp;
    this.#start = this.#lines[0].starts;
    for (const [k, part] of this.#parts.entries()) {
      part.before = sensors[k]?.before;
      part.heard = sensors[k]?.heard;
      part.sketch = sensors[k]?.sketch;
      // The state contains the position of stamps. Without it they may begin anywhere.
      this.#lines[k].newest = part.heard?.stamps.at(-1) ?? (k === 0 && this.#changes ? stamp : undefined);
    }
  }

  /** Treats the next sample as the first one: it shows no change, and it is novel. */
  forget(): void {
    this.#last = undefined;
    for (const part of this.#parts) [part.before, part.sketch] = [undefined, undefined];
  }

  /**
   * Takes a message; messages of unused sensors are ignored.
   *
   * @returns samples that it completes, and refusals of samples and messages
   * @throws {@link TopsparkError} of kind `data` where the message is refused
   */
  hear(event: SensorEvent): Outcomes {
    const sensor = this.#names.indexOf(event.sensor);
    if (sensor < 0) return [];
    const account = this.#accounts[sensor];
    account.heard++;
    try {
      return this.#take(sensor, event);
    } catch (error) {
      account.counted++;
      event.release?.();
      throw error;
    }
  }

  /**
   * Whether a sample hardly differs from the last decided one: each of its messages must, by the threshold of its
   * sensor. Every sample is checked before it is encoded or passed to {@link SampleSource.repeat}.
   */
  alike({ parts, start }: Sample): boolean {
    if (!this.repeats) return false;
    // Every message is checked: later samples are compared with them.
    const alike = this.#parts.map((part, k) => part.alike(parts[k]));
    return start === this.#start && alike.every(Boolean);
  }

  /** Repeats the last answer for a sample that hardly differs. */
  repeat(sample: Sample): void {
    this.#end(true);
    this.#release(sample);
  }

  /**
   * Begins to encode a sample where another thread does it; {@link SampleSource.encode} continues from there.
   *
   * @returns settles once {@link SampleSource.encode} does not wait any more; `undefined`: no sensor encodes in another
   *   thread
   */
  begin({ parts }: Sample): Promise<void> | undefined {
    // No list and no closure: it runs for every sample, and hardly any sensor has another thread.
    let begun: Promise<void> | undefined;
    for (let k = 0; k < parts.length; k++) {
      const event = parts[k];
      const own = event && this.#parts[k].begin(event);
      if (own === undefined) continue;
      const before = begun;
      begun = before === undefined ? own : Promise.all([before, own]).then(() => undefined);
    }
    return begun;
  }

  /**
   * Encodes a sample, once. A refused sample leaves no trace. Changes refer to the last sample that was not refused.
   *
   * @param into - `rows` × `columns` bytes
   */
  encode(sample: Sample, into: Uint8Array): Encoded {
    const { usable, refusals, refused } = this.#encode(sample, into);
    this.#end(usable);
    if (refused) return { usable, refusals };
    this.#last = sample.stamp;
    for (const part of this.#parts) {
      part.keep();
      if (usable) part.decided();
    }
    return { usable, refusals };
  }

  /** Drops a sample that will not be encoded; it is counted elsewhere. */
  skip(sample: Sample): void {
    this.#end(false);
    this.#release(sample);
  }

  /** Drops messages that wait for a match. @returns refusals to count */
  reset(): RefusalEvent[] {
    const settled = this.#synchroniser?.reset();
    return settled ? this.#account(settled).filter((each): each is RefusalEvent => !('parts' in each)) : [];
  }

  // A sensor whose encoder builds samples from earlier messages has its messages counted as used when they are taken.
  #end(usable: boolean): void {
    if (this.#parts[0].listens) return;
    this.#accounts[0][usable ? 'used' : 'counted']++;
  }

  #take(sensor: number, event: SensorEvent): Outcomes {
    const [part, line] = [this.#parts[sensor], this.#lines[sensor]];
    const place = this.#inTime(part) ? line.place(event.stamp) : 'next';
    if (place === 'ahead') {
      const from = line.newest ?? event.stamp;
      line.take(event.stamp, place);
      const found = `message of ${stampText(event.stamp)} came after that of ${stampText(from)}`;
      refuse(`${part.name}_ahead`, `${found}, expected at most an hour more`);
    }
    let complete: boolean;
    try {
      complete = part.hear(event, place === 'restart');
    } finally {
      // A message that is too late still shows where its publisher is.
      if (place === 'late') line.take(event.stamp, place);
    }
    if (place !== 'late') line.take(event.stamp, place);
    if (part.listens) this.#accounts[sensor].used++;
    const fault = sensor === 0 ? part.takeFault() : undefined;
    const faults = fault ? [fault] : [];
    if (sensor === 0) {
      if (!complete) {
        event.release?.();
        return faults;
      }
      this.#received++;
    }
    if (this.#synchroniser) {
      return [...faults, ...this.#account(this.#synchroniser.add(sensor, event, line.starts))];
    }
    const { stamp, frameId, taken } = event;
    return [...faults, { stamp, frameId, taken, start: line.starts, parts: [event] }];
  }

  // Stamps do not matter where a message is neither matched nor remembered.
  #inTime({ listens }: SensorPart): boolean {
    return listens || this.#changes || this.#synchroniser !== undefined;
  }

  #account({ outcomes, used, dropped }: Settled): Outcomes {
    for (const sensor of used) if (!this.#parts[sensor].listens) this.#accounts[sensor].used++;
    for (const each of outcomes) if (!('parts' in each) && each.cause === 'sensor_missing') this.#end(false);
    // A message that an encoder remembers was used, whether it was matched or not.
    const lost = dropped.filter(({ sensor }) => !this.#parts[sensor].listens);
    for (const { sensor } of lost) this.#accounts[sensor].counted++;
    return [...outcomes, ...lost.map(({ refusal }) => refusal)];
  }

  #encode(sample: Sample, into: Uint8Array): Outcome {
    if (sample.start !== this.#start) this.forget();
    this.#start = sample.start;
    if (this.#changes && this.#last !== undefined && sample.stamp < this.#last) {
      this.#release(sample);
      const [topic] = this.#names;
      const found = `sample of ${stampText(sample.stamp)} came after that of ${stampText(this.#last)}`;
      const message = `${found}: its change would run backwards, expected stamps in order, from one publisher`;
      const late: RefusalEvent = { kind: 'refusal', topic, cause: `${topic}_late`, message };
      return { usable: false, refusals: [late], refused: true };
    }
    return this.#synchroniser ? this.#join(sample, into) : this.#encodeOne(sample, into);
  }

  // With several sensors a message may be part of the next sample too, so it is not released.
  #release({ parts }: Sample): void {
    if (this.#synchroniser === undefined) parts[0].release?.();
  }

  #encodeOne(sample: Sample, into: Uint8Array): Outcome {
    const refusal = this.#parts[0].encode(sample.parts[0], into);
    this.#release(sample);
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
      if (refusal?.fault) refusals.push(refusal);
      else if (refusal?.silent) silence ??= refusal;
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
    // A sensor with nothing to see is silent in the sample. The sample is silent only if all sensors are.
    const all = speaking || silence === undefined ? refusals : [...refusals, silence];
    return { usable: speaking, refusals: all, refused: false };
  }
}

interface Outcome extends Encoded {
  /** Whether one of its messages is invalid, so that the sample counts as if it had never come. */
  readonly refused: boolean;
}
