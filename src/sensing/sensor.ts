import type { TopsparkError } from '../base/errors.js';
import type { ParameterEntry, ParameterValues } from '../base/parameters.js';
import type { FrontEndCounts } from '../snn/operation-counts.js';
/** State from earlier messages, where a sample is made of several. */
export interface HeardMessages {
  /** Stamps of the messages, the newest last [ns]; at least one. */
  readonly stamps: BigInt64Array;
  /** Their values, in the form of the sensor's encoder. */
  readonly values: Float64Array;
  /** Stamp from which on a message completes the next sample [ns]. */
  readonly due: bigint;
}

/** How inputs, or weights of inputs, are shown as a picture. */
export interface ShownInputs {
  readonly rows: number;
  readonly columns: number;
  /** Cell of each input, row-major; several inputs may share one. Absent: each input has its own, in order. */
  readonly cells?: Uint16Array;
}

/** A resolution of the picture for a pretrained network, and its cost. */
export interface Sight {
  /** Side of the picture [pixel]. */
  readonly resolution: number;
  /** CPU time of a picture on this machine [µs]. */
  readonly microseconds: number;
}

/**
 * The largest sight within a bound [pixel], or else the smallest; without a bound the largest. `undefined`: there are
 * none.
 */
export function sightAt<Each extends Pick<Sight, 'resolution'>>(
  sights: readonly Each[],
  cap = Infinity,
): Each | undefined {
  return sights.find(({ resolution }) => resolution <= cap) ?? sights.at(-1);
}

/** Encodes messages of one sensor as intensities 0..255. */
export interface SensorEncoder<Message extends object = object> {
  /** Shape of the intensities; one row: not a picture. */
  readonly rows: number;
  readonly columns: number;
  /** Whether to invert a picture brighter than half on average. */
  readonly polarity: boolean;
  /** How its inputs are shown; absent: `rows` × `columns` as they are. */
  readonly shown?: ShownInputs;
  /**
   * Present if the intensities are a feature vector, which suits a linear readout, and not a picture or scan. `signed`:
   * the second half is the negative part of the first.
   */
  readonly features?: { readonly signed: boolean };
  /**
   * @param message - of the sensor's type, unchecked
   * @param stamp - its stamp [ns]
   * @param into - `rows` × `columns` bytes
   * @param frameId - its frame_id
   * @throws {@link TopsparkError} of kind `data` where the message is refused
   */
  encode(message: Message, into: Uint8Array, stamp: bigint, frameId: string): void;
  /**
   * Begins to encode a message in another thread. {@link SensorEncoder.encode} of the same message continues, and waits
   * if necessary. Absent: `encode` does everything.
   *
   * @returns settles once `encode` does not wait any more
   * @throws {@link TopsparkError} as `encode`, which must be called nevertheless
   */
  begin?(message: Message): Promise<void>;
  /**
   * A sketch of a message, cheap to compute, for comparison with the last decided one (see `Novelty`). Absent: its
   * intensities are compared.
   */
  readonly sketch?: {
    /** Its length [byte]. */
    readonly length: number;
    /** @throws {@link TopsparkError} as `encode`, which must be called nevertheless */
    write(message: Message, into: Uint8Array, stamp: bigint): void;
  };
  /** The available resolutions of a picture, the largest first. Absent: there is no choice. */
  readonly sights?: readonly Sight[];
  /**
   * Sets the largest resolution from the next message on [pixel]. If none is so small, the smallest is used. Absent:
   * there is no choice.
   */
  lookAt?(resolution: number): void;
  /** Cost of the last message, encoded or silent; absent: not counted. */
  readonly work?: Readonly<FrontEndCounts>;
  /**
   * Takes a message. Absent where each message is a sample. Stamps may step back: messages may be late, or two
   * publishers take turns. Where a recording starts again, {@link SensorEncoder.heard} is set to `undefined` first.
   *
   * @returns whether it completes a sample
   * @throws {@link TopsparkError} of kind `data` where it is refused; nothing has changed then
   */
  hear?(message: Message, stamp: bigint): boolean;
  /** A copy of its state from earlier messages; setting it continues from there. Absent where {@link hear} is. */
  heard?: HeardMessages | undefined;
  /** Numbers in {@link heard} for each stamp; absent: any. */
  readonly heardPerStamp?: number;
  /** Counts of the parts of messages, if a message has many; diagnostics show these names. */
  readonly details?: Readonly<Record<string, number>>;
  /** How far a sample looks back [ns]: its messages have stamps in (stamp − span, stamp]. Absent: it is one message. */
  readonly span?: bigint;
  /**
   * Why no sample was made though each message was valid; returned once. Called after {@link SensorEncoder.hear}.
   * Absent where each message is a sample.
   */
  takeFault?(): TopsparkError | undefined;
}

/** A kind of sensor: name, messages, parameters and encoding. */
export interface SensorKind {
  /**
   * Name in the parameter `sensors`, of the sensor's block of parameters, and at the start of its causes. It must
   * differ from every other name with an ending.
   */
  readonly name: string;
  /** What its messages show, for kinds that show the same and can replace each other; absent: its name. */
  readonly shows?: string;
  /** Relative name of its topic. */
  readonly topic: string;
  /** Type of its messages: `sensor_msgs/msg/Image`. */
  readonly type: string;
  /** Names of its own encodings, the default first; absent: `plain`. */
  readonly encodings?: readonly string[];
  /**
   * Its encoder keeps state from earlier messages, so it has `hear`. Every message counts then: the queue holds as many
   * as may come together, and no message stays unread in a mode that decides less often.
   */
  readonly remembers?: true;
  /** Its parameters, without the name of the block; `encoding` and `weight` are added. */
  readonly parameters: readonly ParameterEntry[];
  /**
   * What its encoding depends on besides parameters, by name, such as the hash of a file. State learned with another
   * value is refused. Absent: nothing.
   *
   * @throws {@link TopsparkError} where it is not available
   */
  identity?(values: ParameterValues): Readonly<Record<string, string>>;
  /**
   * @param values - of all its parameters; `encoding` is one of its own, or `change`, which is made of `plain`
   * @throws {@link TopsparkError} `out_of_range` naming the parameter
   */
  create(values: ParameterValues): SensorEncoder;
}
