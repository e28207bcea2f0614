import type { TopsparkError } from '../base/errors.js';
import type { ParameterEntry, ParameterValues } from '../base/parameters.js';
import type { FrontEndCounts } from '../snn/operation-counts.js';
/** What is remembered of earlier messages, where a sample is made of several. */
export interface HeardMessages {
  /** Of messages, the newest last [ns]; at least one. */
  readonly stamps: BigInt64Array;
  /** What they said, as the encoder of the sensor has it. */
  readonly values: Float64Array;
  /** Stamp from which on a message completes the next sample [ns]. */
  readonly due: bigint;
}

/** How inputs, or weights of them, are looked at: as a picture of cells. */
export interface ShownInputs {
  readonly rows: number;
  readonly columns: number;
  /** Cell of each input, row-major; several inputs may share one. Absent: each has its own, in their order. */
  readonly cells?: Uint16Array;
}

/** A resolution at which a picture may be looked at, and what that takes. */
export interface Sight {
  /** Side of the picture [pixel]. */
  readonly resolution: number;
  /** CPU time of a picture on this machine [µs]. */
  readonly microseconds: number;
}

/** The sight that is meant by a bound [pixel]; absent: the largest. `undefined`: there is none. */
export function sightAt<Each extends Pick<Sight, 'resolution'>>(
  sights: readonly Each[],
  cap = Infinity,
): Each | undefined {
  return sights.find(({ resolution }) => resolution <= cap) ?? sights.at(-1);
}

/** Turns messages of one sensor into intensities 0..255. */
export interface SensorEncoder<Message extends object = object> {
  /** Shape of the intensities; one row: a signal that is no picture. */
  readonly rows: number;
  readonly columns: number;
  /** Whether a picture brighter than half on average is to be inverted. */
  readonly polarity: boolean;
  /** How its inputs are looked at; `rows` × `columns` as they are where absent. */
  readonly shown?: ShownInputs;
  /**
   * They are a vector of features, which a linear readout tells apart well, and no picture or scan; `signed`: the second half is
   * what is negative in the first. Absent: they are none.
   */
  readonly features?: { readonly signed: boolean };
  /**
   * @param message - of the sensor's type, nothing checked yet
   * @param stamp - its stamp [ns]
   * @param into - `rows` × `columns` bytes
   * @param frameId - its frame_id
   * @throws {@link TopsparkError} of kind `data` where it is refused
   */
  encode(message: Message, into: Uint8Array, stamp: bigint, frameId: string): void;
  /**
   * Begins to encode a message in another thread; {@link SensorEncoder.encode} of it goes on from there, and waits for what
   * is not done yet. Absent where all is done at once.
   *
   * @returns settles when `encode` would not wait
   * @throws {@link TopsparkError} as `encode`, which then is to be called all the same
   */
  begin?(message: Message): Promise<void>;
  /**
   * A sketch of a message, cheap to make, by which it is told from the last one (see `Novelty`). Absent: its intensities are.
   */
  readonly sketch?: {
    /** Bytes of it. */
    readonly length: number;
    /** @throws {@link TopsparkError} as `encode`, which then is to be called all the same */
    write(message: Message, into: Uint8Array): void;
  };
  /** The ways in which it may look at a picture, the largest first. Absent: it has one. */
  readonly sights?: readonly Sight[];
  /**
   * Says at which resolution messages are looked at from the next one on [pixel]: at the largest of its own that is no larger, or
   * at its smallest. Absent: it has one way.
   */
  lookAt?(resolution: number): void;
  /** What the last message took that was encoded or silent; absent: it is not counted. */
  readonly work?: Readonly<FrontEndCounts>;
  /**
   * Takes notice of a message. Absent where each is a sample by itself. Stamps may step back: messages come late, or two
   * publishers take turns. Where a recording starts again, {@link SensorEncoder.heard} is set to `undefined` before.
   *
   * @returns whether a sample is complete with it
   * @throws {@link TopsparkError} of kind `data` where it is refused; nothing has changed then
   */
  hear?(message: Message, stamp: bigint): boolean;
  /** A copy of what it remembers of earlier messages; set, it goes on from that. Absent where {@link hear} is. */
  heard?: HeardMessages | undefined;
  /** Numbers that {@link heard} has for each stamp; absent: as many as it likes, whatever they are. */
  readonly heardPerStamp?: number;
  /** What became of the parts of messages, where a message holds many; told in diagnostics by these names. */
  readonly details?: Readonly<Record<string, number>>;
  /** How far a sample looks back [ns]: its messages have stamps in (stamp − span, stamp]. Absent: it is one message. */
  readonly span?: bigint;
  /**
   * Why no sample came about though each message was in order; told once. Asked after {@link SensorEncoder.hear}.
   * Absent where each message is a sample by itself.
   */
  takeFault?(): TopsparkError | undefined;
}

/** A kind of sensor: what it is called, what it sends, what can be set, and how it is encoded. */
export interface SensorKind {
  /** Name in the parameter `sensors`; that of its block of parameters, and the start of its refusals' causes. No other kind's name and an ending. */
  readonly name: string;
  /** What its messages show, where several kinds show the same and may take each other's place; its name where absent. */
  readonly shows?: string;
  /** Relative name of its topic. */
  readonly topic: string;
  /** Type of its messages: `sensor_msgs/msg/Image`. */
  readonly type: string;
  /** Names of its own ways to become intensities, the first the default; `plain` where absent. */
  readonly encodings?: readonly string[];
  /**
   * Its encoder remembers earlier messages: it has `hear`. Every message counts then, so that as many wait for a busy node as
   * may come at once, and none is left unread in a mode that decides less often.
   */
  readonly remembers?: true;
  /** Its parameters, without the name of the block; `encoding` and `weight` are added to them. */
  readonly parameters: readonly ParameterEntry[];
  /**
   * What its encoding depends on beside parameters, by name, as the hash of a file: what was learned with another is not
   * gone on with. Absent: nothing.
   *
   * @throws {@link TopsparkError} where that cannot be had
   */
  identity?(values: ParameterValues): Readonly<Record<string, string>>;
  /**
   * @param values - of all its parameters; `encoding` is one of its own, or `change`, which is made of `plain`
   * @throws {@link TopsparkError} `out_of_range` naming the parameter
   */
  create(values: ParameterValues): SensorEncoder;
}
