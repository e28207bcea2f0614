import { TopsparkError } from '../../base/errors.js';
import { bool, double, integer, limit, type ParameterEntry, type ParameterValues } from '../../base/parameters.js';
import { stampText } from '../../base/time.js';
import { sumOfFrontEnds, noFrontEnd, type FrontEndCounts } from '../../snn/operation-counts.js';
import { refuse, Silence } from '../refuse.js';
import type { HeardMessages, SensorEncoder, SensorKind, ShownInputs } from '../sensor.js';
import { EventBatch, type EventDecoder } from './event-batch.js';
import { eventCode, eventCodes, type EventCode } from './event-code.js';
import { eventDecoder, eventEncodings } from './event-decoders.js';
import { EventHistory, microseconds, type EventRange } from './event-history.js';
import { readEventArray, type EventArrayMessage, type EventPacketMessage } from './event-messages.js';
import { EventPicture } from './event-picture.js';

/** Fewest events of a sample: fewer are noise. */
const fewest = 20;
/** Events decoded in one batch; they stay in the fast caches. */
const atOnce = 4096;
/** Largest side of a camera's picture [pixel]: coordinates have 11 bits in the densest encodings, 15 in others. */
const longestSide = 8192;
/** Longest window [s]: a checkpoint stores place and age of an event in one number. */
const longestWindow = 2;

const parameters: readonly ParameterEntry[] = [
  integer('width', 28, [4, 128], 'columns to which the picture is brought [cell]; no more than the camera has'),
  integer('height', 28, [4, 128], 'rows to which the picture is brought [cell]; no more than the camera has'),
  double('crop', 1, [0.05, 1], 'read-only', "share of the picture's sides that is used"),
  bool('centred', false, 'read-only', 'centre the used part on the light, not on the picture'),
  double('window', 0.1, [0.001, longestWindow], 'read-only', 'time that a sample looks back [s]'),
  limit(double('hop', 0.1, [0.001, 60], 'read-only', 'time between samples, where it is the first sensor [s]')),
  integer(
    'count',
    0,
    [0, 2 ** 24],
    'events in a sample, a sample each time so many are new; 0: all events of the window',
  ),
  double(
    'pixel_rate',
    300,
    [1, 1_000_000],
    'read-only',
    'a pixel with more events is left out of a window, since it is broken or flickers [1/s]',
  ),
  limit(integer('max_events', 2 ** 20, [1024, 2 ** 25], 'largest number of events in memory, 12 bytes each')),
  limit(integer('max_pixels', 2 ** 21, [16, 2 ** 26], 'larger cameras are refused [pixel]')),
];

/** Packets of an event camera: event_camera_msgs/EventPacket. */
export const events: SensorKind = {
  name: 'events',
  topic: 'events',
  type: 'event_camera_msgs/msg/EventPacket',
  shows: 'events',
  encodings: eventCodes,
  remembers: true,
  parameters,
  create: (values) => new EventsEncoder('events', values, new PacketReader()),
};

const ofArrays = (name: string, type: string): SensorKind => ({
  ...{ name, type, topic: name, shows: 'events', encodings: eventCodes, remembers: true, parameters },
  create: (values) => new EventsEncoder(name, values, new ArrayReader()),
});

/** Events of the drivers of the University of Zurich: dvs_msgs/EventArray. */
export const dvsEvents = ofArrays('dvs_events', 'dvs_msgs/msg/EventArray');

/** Events of the former drivers of Prophesee: prophesee_event_msgs/EventArray. */
export const propheseeEvents = ofArrays('prophesee_events', 'prophesee_event_msgs/msg/EventArray');

/** Fields that all event messages share. */
interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Packets lost before a message. */
interface PlaceInStream {
  /** Number of lost packets. */
  readonly lost: number;
  /** Sequence number of the first of them. */
  readonly first: bigint;
}

/** Reads the events of one message type. */
interface EventReader<Message> {
  /** @throws {@link TopsparkError} where the message is refused; nothing has changed then */
  check(message: Message, inOrder: boolean): PlaceInStream | undefined;
  read(message: Message, batch: EventBatch): void;
  /** Invalid words, and events with an unknown time or place, since the start. */
  readonly strange: number;
  readonly unplaced: number;
  /** Its state from earlier packets; setting it continues from there. */
  state: readonly number[];
}

class ArrayReader implements EventReader<EventArrayMessage> {
  readonly strange = 0;
  readonly unplaced = 0;
  readonly state: readonly number[] = [];

  // These messages have no sequence number, so a lost one cannot be detected.
  check(): undefined {
    return undefined;
  }

  read(message: EventArrayMessage, batch: EventBatch): void {
    readEventArray(message, batch);
  }
}

class PacketReader implements EventReader<EventPacketMessage> {
  #decoder: EventDecoder | undefined;
  #encoding = '';
  /** Number of the next packet; `undefined`: any. */
  #next: bigint | undefined;
  #before = { strange: 0, unplaced: 0 };

  get strange(): number {
    return this.#before.strange + (this.#decoder?.faults.strange ?? 0);
  }

  get unplaced(): number {
    return this.#before.unplaced + (this.#decoder?.faults.unplaced ?? 0);
  }

  check({ encoding, is_bigendian, seq }: EventPacketMessage, inOrder: boolean): PlaceInStream | undefined {
    if (is_bigendian) refuse('events_big_endian', 'is_bigendian is true, expected false: no decoder has that order');
    if (encoding !== this.#encoding) eventDecoder(encoding);
    const next = this.#next;
    if (next === undefined || seq === next) return undefined;
    // A restarted driver counts from 0, while its stamps continue.
    if (seq < next) {
      if (inOrder) return { lost: 0, first: next };
      return refuse('events_late', `packet ${seq} came when ${next} was due, expected packets in order`);
    }
    return { lost: Number(seq - next), first: next };
  }

  read({ encoding, seq, events: bytes }: EventPacketMessage, batch: EventBatch): void {
    const decoder = this.#of(encoding);
    if (this.#next !== undefined && seq !== this.#next) decoder.skip();
    this.#next = seq + 1n;
    decoder.decode(bytes, batch);
  }

  get state(): readonly number[] {
    const { state = [] } = this.#decoder ?? {};
    // Compared in two halves, since a JavaScript number does not hold 64 bits.
    const next = this.#next ?? -1n;
    return [eventEncodings.indexOf(this.#encoding), Number(next >> 32n), Number(next & 0xffffffffn), ...state];
  }

  set state([encoding = -1, high = -1, low = 0, ...state]: readonly number[]) {
    this.#decoder = undefined;
    this.#encoding = '';
    this.#next = undefined;
    const name = eventEncodings.at(encoding);
    if (encoding < 0 || name === undefined) return;
    this.#of(name).state = state;
    if (isHalf(high) && isHalf(low)) this.#next = (BigInt(high) << 32n) | BigInt(low);
  }

  #of(encoding: string): EventDecoder {
    if (this.#decoder !== undefined && encoding === this.#encoding) return this.#decoder;
    const { strange, unplaced } = this;
    this.#before = { strange, unplaced };
    this.#encoding = encoding;
    return (this.#decoder = eventDecoder(encoding));
  }
}

const isHalf = (number: number): boolean => number === number >>> 0;

/** Counts of a camera's events. */
interface EventCounts {
  events: number;
  outside: number;
  /** Events in a sample, each counted once. */
  shown: number;
  /** Events between windows, in no sample. */
  between: number;
  /**
   * Dropped before they were part of a sample: for newer events, with a picture of another size, or when stamps started
   * again.
   */
  forgotten: number;
  lostPackets: number;
}

/**
 * Encodes the events of a window before a packet, counted in two planes. A packet that arrives when a sample is due
 * completes it. The sample has the events before the packet; the packet's own events are kept for the next sample.
 */
class EventsEncoder<Message extends PictureSize> implements SensorEncoder<Message> {
  readonly rows: number;
  readonly columns: number;
  readonly polarity = false;
  readonly shown?: ShownInputs;
  readonly span: bigint;
  readonly #code: EventCode;
  readonly #picture: EventPicture;
  readonly #history: EventHistory;
  readonly #batch: EventBatch;
  readonly #reader: EventReader<Message>;
  readonly #window: number;
  readonly #hop: bigint;
  readonly #count: number;
  readonly #most: number;
  readonly #maxPixels: number;
  #size: PictureSize = { width: 0, height: 0 };
  /** Stamp from which on a packet completes the next sample [ns]. */
  #due = 0n;
  /** Number of the first event that was not part of a sample yet. */
  #next = 0;
  #counted = 0;
  #faults: TopsparkError[] = [];
  readonly #counts: EventCounts = { events: 0, outside: 0, shown: 0, between: 0, forgotten: 0, lostPackets: 0 };

  /**
   * @param name - of its kind
   * @param values - of its parameters
   */
  constructor(
    readonly name: string,
    values: ParameterValues,
    reader: EventReader<Message>,
  ) {
    const [width, height] = [values.number('width'), values.number('height')];
    this.#code = eventCode(values.text('encoding'), width, height);
    this.rows = this.#code.rows;
    this.columns = this.#code.columns;
    if (this.#code.shown) this.shown = this.#code.shown;
    const most = Math.round(values.number('pixel_rate') * values.number('window'));
    const view = { share: values.number('crop'), centred: values.bool('centred') };
    this.#picture = new EventPicture(width, height, Math.min(32_767, Math.max(1, most)), view);
    this.#history = new EventHistory(values.number('max_events'));
    this.#maxPixels = values.number('max_pixels');
    this.#window = Math.round(values.number('window') * 1e6);
    this.span = BigInt(this.#window) * 1000n;
    this.#hop = BigInt(Math.round(values.number('hop') * 1e9));
    this.#count = values.number('count');
    this.#most = this.#count > 0 ? this.#count : Infinity;
    this.#reader = reader;
    this.#batch = new EventBatch(atOnce, (batch) => {
      this.#counts.events += batch.count;
      this.#counts.outside += this.#history.add(batch, this.#size.width, this.#size.height);
    });
  }

  hear(message: Message, stamp: bigint): boolean {
    const history = this.#history;
    const { newest } = history;
    this.#checkSize(message);
    const gap = this.#reader.check(message, newest === undefined || stamp > newest);
    if (newest !== undefined && stamp < newest) {
      const found = `packet of ${stampText(stamp)} came after that of ${stampText(newest)}`;
      refuse(`${this.name}_late`, `${found}, expected packets in order, from one publisher`);
    }
    if (gap && gap.lost > 0) this.#lose(gap);
    this.#resize(message);
    if (newest === undefined) this.#due = stamp + this.span;
    history.begin(stamp);
    const [before, { strange }] = [history.total, this.#reader];
    this.#reader.read(message, this.#batch);
    if (this.#reader.strange > strange) this.#fault('strange', strangeWords(this.#reader.strange - strange));
    if (stamp < this.#due || before - this.#next < this.#count) return false;
    this.#complete(stamp);
    return true;
  }

  takeFault(): TopsparkError | undefined {
    return this.#faults.shift();
  }

  encode(_: Message, into: Uint8Array, stamp: bigint): void {
    const range = this.#history.before(stamp, this.#window, this.#most);
    if (range === undefined) {
      throw new Silence(`${this.name}_forgotten`, `events of ${stampText(stamp)} are not remembered any more`, true);
    }
    this.#counted = range.end - range.from;
    this.#picture.resize(this.#size.width, this.#size.height);
    const count = this.#picture.take(this.#history, range);
    if (count < fewest) {
      into.fill(0);
      const found = `${count} events in the window of ${this.#window / 1e6} s`;
      throw new Silence(`${this.name}_few`, `${found}, expected at least ${fewest}: nothing moves`);
    }
    const flat = this.#code.encode(this.#picture, into);
    if (flat !== undefined) throw new Silence(`${this.name}_flat`, `${flat}: nothing to see`);
  }

  /**
   * For each event of the window: an addition, a comparison of its pixel's count, a comparison of the pixel's minimum,
   * and an addition to its cell.
   */
  get work(): FrontEndCounts {
    const additions = 4 * this.#counted + this.#picture.work;
    return sumOfFrontEnds([{ ...noFrontEnd, frontEndAdditions: additions }, this.#code.work]);
  }

  get details(): Readonly<Record<string, number>> {
    const { events: all, outside, shown, between, forgotten, lostPackets } = this.#counts;
    const { unplaced, strange } = this.#reader;
    return {
      'Packets lost': lostPackets,
      Events: all + unplaced,
      'Events shown': shown,
      'Events between windows': between,
      'Events kept for the next window': this.#kept,
      'Events outside of the picture': outside,
      'Events without time or place': unplaced,
      'Events forgotten': forgotten,
      'Words of no kind': strange,
    };
  }

  get heard(): HeardMessages | undefined {
    const { newest, total } = this.#history;
    if (newest === undefined) return undefined;
    return { stamps: BigInt64Array.of(newest), values: this.#stored(newest, total), due: this.#due };
  }

  set heard(heard: HeardMessages | undefined) {
    const before = this.#kept;
    this.#history.clear();
    this.#next = 0;
    this.#due = heard?.due ?? 0n;
    if (heard === undefined) this.#reader.state = [];
    else this.#restore(heard.stamps.at(-1) ?? 0n, heard.values);
    // A restored event was not dropped; the rest came before the restart.
    const counts = this.#counts;
    const back = Math.min(counts.forgotten, Math.max(0, this.#kept - before));
    counts.events += Math.max(0, this.#kept - before - back);
    counts.forgotten += Math.max(0, before - this.#kept) - back;
  }

  /** Events that are part of no sample yet. */
  get #kept(): number {
    return this.#history.total - this.#next;
  }

  #checkSize({ width, height }: PictureSize): void {
    const size = `${width}×${height}`;
    const { columns, rows, view } = this.#picture;
    const [least, lowest] = [Math.ceil(columns / view.share), Math.ceil(rows / view.share)];
    if (width < least || height < lowest) {
      const all = view.share === 1 ? `width × height = ` : `(width × height) / crop = `;
      const expected = `at least ${all}${least}×${lowest}: set ${this.name}.width and ${this.name}.height to no more`;
      refuse(`${this.name}_picture`, `camera has ${size} pixels, expected ${expected}`);
    }
    if (width > longestSide || height > longestSide || width * height > this.#maxPixels) {
      const most = `at most ${longestSide} a side and ${this.name}.max_pixels = ${this.#maxPixels}`;
      refuse(`${this.name}_picture`, `camera has ${size} pixels, expected ${most}`);
    }
  }

  // Events of a picture of another size do not fit this one.
  #resize({ width, height }: PictureSize): void {
    const { width: before, height: high } = this.#size;
    if (width === before && height === high) return;
    this.#size = { width, height };
    if (before === 0) return;
    this.#counts.forgotten += this.#kept;
    this.#next = this.#history.total;
  }

  #lose({ lost, first }: PlaceInStream): void {
    this.#counts.lostPackets += lost;
    const found = lost === 1 ? `packet ${first} did not come` : `${lost} packets from ${first} on did not come`;
    const cure = 'a deeper queue (qos_overrides), smaller packets of the driver, or less load keep them';
    this.#fault('lost', `${found}, expected each: ${cure}`);
  }

  #fault(cause: string, sentence: string): void {
    const code = `${this.name}_${cause}`;
    // Each fault is reported once; the details have the counts.
    if (this.#faults.some((each) => each.code === code)) return;
    this.#faults.push(new TopsparkError(code, 'data', sentence));
  }

  // Samples are due on a grid, as with an IMU.
  #complete(stamp: bigint): void {
    const late = stamp - this.#due;
    this.#due = (2n * late < this.#hop ? this.#due : stamp) + this.#hop;
    const { from, end } = this.#history.before(stamp, this.#window, this.#most) ?? { from: 0, end: 0 };
    this.#tally({ from, end }, stamp);
  }

  #tally({ from, end }: EventRange, stamp: bigint): void {
    const { mask, total } = this.#history;
    const gone = Math.max(this.#next, total - mask - 1);
    if (gone > this.#next && from === total - mask - 1) {
      this.#counts.forgotten += gone - this.#next;
      const found = `more than ${mask + 1} events came within the window before ${stampText(stamp)}`;
      this.#fault('overrun', `${found}: the newest count; set ${this.name}.max_events higher, or a shorter window`);
    } else this.#counts.between += gone - this.#next;
    this.#counts.between += Math.max(0, from - gone);
    this.#counts.shown += end - Math.max(from, gone);
    this.#next = end;
  }

  #stored(newest: bigint, total: number): Float64Array {
    const { time, address, mask } = this.#history;
    const least = microseconds(newest) - this.#window;
    const kept: number[] = [];
    let latest = -Infinity;
    for (let k = Math.max(0, total - mask - 1, total - this.#most); k < total; k++) {
      if (time[k & mask] < least) continue;
      kept.push(k);
      latest = Math.max(latest, time[k & mask]);
    }
    const { state } = this.#reader;
    const head = [this.#size.width, this.#size.height, latest, Math.max(0, total - this.#next), state.length, ...state];
    const values = new Float64Array(head.length + kept.length);
    values.set(head);
    kept.forEach((k, at) => {
      values[head.length + at] = (address[k & mask] & 0x7fffffff) + placeBits * (latest - time[k & mask]);
    });
    return values;
  }

  // Any numbers give valid events, at worst outside the picture.
  #restore(newest: bigint, values: Float64Array): void {
    const [width = 0, height = 0, latest = 0, waiting = 0, length = 0] = values;
    this.#size = { width, height };
    const first = 5 + Math.min(Math.max(0, Math.trunc(length)), values.length);
    this.#reader.state = [...values.subarray(5, first)];
    const stored = values.subarray(first);
    this.#history.restore(
      newest,
      Array.from(stored, (value) => {
        const age = Math.floor(value / placeBits);
        return { address: value - age * placeBits, time: latest - age };
      }),
    );
    this.#next = Math.max(0, this.#history.total - waiting);
  }
}

/** Part of a stored number that holds the place; the rest is the age. */
const placeBits = 2 ** 31;

const strangeWords = (count: number): string => {
  const words = count === 1 ? 'a word that is' : `${count} words that are`;
  return `a packet has ${words} none of its encoding, expected whole packets of a driver`;
};
