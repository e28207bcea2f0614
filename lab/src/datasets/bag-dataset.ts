import { basename } from 'node:path';
import { refusal, type RefusalEvent } from 'topspark/base/refusal.js';
import { SampleSource, type SensorSettings } from 'topspark/sensing/in-time/sample-source.js';
import { standardLabels } from 'topspark/agent/agent-settings.js';
import type { Sample } from 'topspark/sensing/in-time/synchroniser.js';
import { TopsparkError } from 'topspark/base/errors.js';
import { stampText } from 'topspark/base/time.js';
import type { Dataset, Split } from './dataset.js';
import { BagReader } from 'topspark/bag/bag-reader.js';
import type { BagMessage } from 'topspark/bag/bag-file.js';
import { isSensor, nothingHeard, type BagInput } from 'topspark/bag/bag-topics.js';
import { MessageDecoder } from 'topspark/bag/message-decoder.js';
import { quoted } from 'topspark/base/quoted.js';
import { checkName, cleanName } from 'topspark/classifier/class-roster.js';
import type { LabelReach } from 'topspark/classifier/label-buffer.js';
import { labelEvent, sensorEvent, type StampedMessage } from 'topspark/node/messages.js';
import type { LabelEvent } from 'topspark/agent/events.js';

/** How a recorded bag is read as a data set. Plain data. */
export interface BagReading {
  /** Files or folders beside the first. */
  readonly more?: readonly string[];
  readonly sensors: SensorSettings;
  /** Largest distance between the stamp of a label and that of its sample [s]; default: that of a node. */
  readonly labelSlop?: number;
  /** Input of each topic; other topics are ignored. */
  readonly topics: Readonly<Record<string, BagInput>>;
}

/** Fewest samples of a bag. The last sixth is the test; the last sixth of the rest is held out for choosing. */
const fewest = 12;
/** A label is stored as one byte. */
const mostClasses = 256;

/** A sample that a label may refer to. */
interface Candidate {
  readonly stamp: bigint;
  readonly intensities: Uint8Array;
}

/**
 * Reads a bag as a data set: every sample that has a label, in the order of the recording, as the intensities that the
 * agent of a robot would have seen. The test is the last sixth, which was recorded last.
 *
 * @throws {@link TopsparkError} of kind `data`: `bag_damaged`, `bag_without_samples`, `bag_without_messages`,
 *   `bag_without_labels`, `bag_type`, `bag_too_short`, `bag_classes`, or as {@link BagReader.open}
 */
export async function loadBag(path: string, reading: BagReading): Promise<Dataset> {
  const bag = await BagReader.open([path, ...(reading.more ?? [])]);
  try {
    return new Recording(bag, reading).dataset();
  } finally {
    bag.close();
  }
}

class Recording {
  readonly #decoder = new MessageDecoder();
  readonly #topics: ReadonlyMap<string, BagInput>;
  readonly #refused = new Map<string, { count: number; readonly first: string }>();

  constructor(
    readonly bag: BagReader,
    readonly reading: BagReading,
  ) {
    this.#topics = new Map(Object.entries(reading.topics));
  }

  dataset(): Dataset {
    const labels = this.#labels();
    const source = new SampleSource(this.reading.sensors);
    const { rows, columns, polarity } = source;
    const sensors = source.state.sensors.map(({ name, encoding, inputs, parameters = {} }) => ({
      ...{ name, encoding, inputs, parameters },
    }));
    const classes = new Map<string, number>();
    const intensities: Uint8Array[] = [];
    const truths: number[] = [];
    for (const { sample, label } of this.#named(source, labels)) {
      if (!classes.has(label)) classes.set(label, classes.size);
      intensities.push(sample.intensities);
      truths.push(classes.get(label) ?? 0);
    }
    this.#check(truths.length, labels.size, classes.size);
    const border = truths.length - Math.floor(truths.length / 6);
    const cut = (from: number, end: number): Split => ({
      count: end - from,
      images: new Uint8Array(Buffer.concat(intensities.slice(from, end))),
      labels: Uint8Array.from(truths.slice(from, end)),
    });
    return {
      ...{ name: basename(this.bag.path), rows, columns, classNames: [...classes.keys()] },
      ...{ intensities: { polarity, sensors }, inOrder: true, refused: this.#refused },
      train: cut(0, border),
      test: cut(border, truths.length),
    };
  }

  /** Reads all labels by the stamp that they name. This comes first, since labels may come long after samples. */
  #labels(): Map<bigint, string> {
    const labels = new Map<bigint, string>();
    let heard = false;
    const recorded = this.bag.channels.some(({ topic }) => this.#topics.get(topic)?.input === 'taught');
    for (const message of this.#messages()) {
      const { topic } = message.channel;
      const input = this.#topics.get(topic)?.input;
      if (input !== 'label' && input !== 'taught') {
        heard ||= isSensor(this.#topics.get(topic)?.input ?? '');
        continue;
      }
      const named = this.#decode(message, topic) as Parameters<typeof labelEvent>[0];
      let event: LabelEvent;
      try {
        event = labelEvent(named);
        event = { ...event, name: cleanName(event.name) };
        // As on a robot, an empty correction withdraws the label of its sample.
        if (event.name === '' && event.kind === 'correction' && labels.delete(event.stamp)) continue;
        checkName(event.name, event.stamp);
      } catch (error) {
        this.#count(refusal('label', error));
        continue;
      }
      const { stamp, name: label } = event;
      // Stamp 0 means the newest sample; `taught` records such labels with the stamp of that sample.
      if (stamp === 0n && recorded) continue;
      if (labels.has(stamp)) this.#second(stamp, label);
      labels.set(stamp, label);
    }
    if (!heard) throw nothingHeard(this.bag, this.#topics);
    const problem = this.bag.problems.at(0);
    if (problem !== undefined) throw fault('bag_damaged', `${problem}; expected a whole bag`);
    return labels;
  }

  /** Samples with their labels, in the order of the recording, as on a robot with an unlimited label buffer. */
  #named(source: SampleSource, labels: ReadonlyMap<bigint, string>) {
    const slop = BigInt(Math.round((this.reading.labelSlop ?? standardLabels.slop) * 1e9));
    const reach = source.span > slop ? source.span : slop;
    const stamps = [...labels.keys()].sort(compare);
    const samples: Candidate[] = [];
    for (const { stamp, encoded } of this.#samples(source)) {
      const next = stamps.at(firstFrom(stamps, (label) => label >= stamp - reach));
      if (next !== undefined && next <= stamp + slop) samples.push({ stamp, intensities: encoded.slice() });
    }
    const inTime = samples.toSorted((a, b) => compare(a.stamp, b.stamp));
    const named = new Map<Candidate, string>();
    for (const [stamp, label] of labels) {
      const sample = meant(inTime, stamp, { span: source.span, slop });
      if (sample === undefined) {
        const message = `label ${quoted(label)} names ${stampText(stamp)}, and no sample is there: copy its stamp`;
        this.#count({ kind: 'refusal', topic: 'label', cause: 'label_unknown_stamp', message });
      } else {
        if (named.has(sample)) this.#second(stamp, label);
        named.set(sample, label);
      }
    }
    return samples.flatMap((sample) => {
      const label = named.get(sample);
      return label === undefined ? [] : [{ sample, label }];
    });
  }

  #messages(): Iterable<BagMessage> {
    return this.bag.messages((topic) => this.#topics.has(topic));
  }

  *#samples(source: SampleSource): Generator<{ readonly stamp: bigint; readonly encoded: Uint8Array }, void> {
    const encoded = new Uint8Array(source.rows * source.columns);
    for (const message of this.#messages()) {
      const { topic } = message.channel;
      const input = this.#topics.get(topic)?.input;
      if (input === undefined || !isSensor(input)) continue;
      const decoded = this.#decode(message, topic) as StampedMessage;
      for (const sample of this.#heard(source, input, decoded)) {
        const { usable, refusals } = source.encode(sample, encoded);
        refusals.forEach(this.#count, this);
        if (usable) yield { stamp: sample.stamp, encoded };
      }
    }
    source.reset().forEach(this.#count, this);
  }

  // A message that is refused is not a sample. A robot would also go on and count it.
  #heard(source: SampleSource, input: string, message: StampedMessage): Sample[] {
    try {
      return source.hear(sensorEvent(input, message, 0)).filter((each): each is Sample => {
        if ('parts' in each) return true;
        this.#count(each);
        return false;
      });
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      this.#count(refusal(input, error));
      return [];
    }
  }

  // As on a robot, a second label that names another class corrects the first.
  #second(stamp: bigint, label: string): void {
    const message = `label ${quoted(label)} is the second for the sample of ${stampText(stamp)}; the last one counts`;
    this.#count({ kind: 'refusal', topic: 'label', cause: 'label_duplicate', message });
  }

  #count({ cause, message }: RefusalEvent): void {
    const known = this.#refused.get(cause);
    if (known === undefined) this.#refused.set(cause, { count: 1, first: message });
    else known.count++;
  }

  #decode(message: BagMessage, topic: string): unknown {
    const expected = this.#topics.get(topic);
    if (expected !== undefined && message.channel.type !== expected.type) {
      const found = `${this.bag.path}: ${topic} has messages of ${message.channel.type}`;
      throw fault('bag_type', `${found}, expected ${expected.type} for ${expected.input}`);
    }
    return this.#decoder.decode(message);
  }

  #check(samples: number, labels: number, classes: number): void {
    const { path } = this.bag;
    if (labels === 0) {
      const [topic] = [...this.#topics].find(([, { input }]) => input === 'label') ?? ['label'];
      throw fault('bag_without_labels', `${path} has no label on ${topic}, expected topspark_msgs/msg/Label there`);
    }
    if (samples < fewest) {
      const found = `${path} has ${samples} samples with a label, of ${labels} labels`;
      throw fault('bag_too_short', `${found}, expected at least ${fewest}; a label copies the stamp of its sample`);
    }
    if (classes > mostClasses)
      throw fault('bag_classes', `${path} has ${classes} classes, expected at most ${mostClasses}`);
  }
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

/**
 * Index of the first element for which `holds` is true, by binary search: it must be false for all elements before and
 * true for all after.
 */
function firstFrom<T>(list: readonly T[], holds: (each: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

// The same rule as LabelBuffer.find, for all samples at once: the newest sample with that stamp, else the first whose
// span reaches back over it, else the nearest within the slop.
function meant(inTime: readonly Candidate[], stamp: bigint, { span, slop }: LabelReach): Candidate | undefined {
  const at = firstFrom(inTime, (sample) => sample.stamp >= stamp);
  const [before, after] = [inTime.at(at - 1), inTime.at(at)];
  const behind = at > 0 && before ? stamp - before.stamp : undefined;
  const ahead = after && after.stamp - stamp;
  if (ahead === 0n) return inTime[firstFrom(inTime, (sample) => sample.stamp > stamp) - 1];
  if (ahead !== undefined && ahead < span) return after;
  if (ahead !== undefined && ahead <= slop && (behind === undefined || ahead < behind)) return after;
  return behind !== undefined && behind <= slop ? before : undefined;
}

const fault = (code: string, message: string): TopsparkError => new TopsparkError(code, 'data', message);
