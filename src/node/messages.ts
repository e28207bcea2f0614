import type { nav_msgs, sensor_msgs, std_msgs, topspark_msgs, MessageType, MessageTypeClassName } from 'rclnodejs';
import { MessageChannel } from 'node:worker_threads';
import type { AgentStatus } from '../agent/agent-status.js';
import type {
  AgentInput,
  ClassEditEvent,
  DecisionEvent,
  LabelEvent,
  ModeEvent,
  MotionEvent,
  PlaceEvent,
  QuestionEvent,
} from '../agent/events.js';
import { candidatesOf } from '../agent/candidates.js';
import type { PrototypePicture } from '../agent/prototype-picture.js';
import { standardBounds } from '../agent/agent-settings.js';
import { CdrReader, type Definitions } from '../base/cdr-codec.js';
import { readouts } from '../classifier/answer.js';
import type { SampleSpikes } from '../classifier/network-view.js';
import { labelKinds } from '../classifier/label-kinds.js';
import { questionReasons } from '../agent/questions.js';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { refusal } from '../base/refusal.js';
import { percent } from '../base/units.js';
import { toNanoseconds, toStamp, type Stamp } from '../base/time.js';
import type { BatteryMessage } from '../energy/battery.js';
import type { EnergyReading } from '../energy/energy-source.js';
import type { SensorEvent } from '../sensing/sensor-event.js';
import type { SensorKind } from '../sensing/sensor.js';
import { modeNames } from '../timestep/controller/modes.js';
import type { ProcessUsage } from './process-usage.js';

// Converts messages of ROS into inputs of the agent, and events into messages. Every field of an outgoing message is
// set: rclnodejs sends 0 for a missing float, where NaN is meant.

/** A message with a header. */
export interface StampedMessage {
  readonly header: std_msgs.msg.Header;
}

/**
 * A sensor's message as an input of the agent; only its header is read, and nothing is copied.
 *
 * @param sensor - name of its kind
 * @param taken - monotonic time at which the message was taken [s]
 * @param release - releases its memory
 */
export function sensorEvent(
  sensor: string,
  message: StampedMessage,
  taken: number,
  release?: SensorEvent['release'],
): SensorEvent {
  const { stamp, frame_id: frameId } = message.header;
  return { sensor, stamp: toNanoseconds(stamp), frameId, taken, message, release };
}

/**
 * A label as an input of the agent.
 *
 * @throws {@link TopsparkError} `label_kind` where its kind is unknown
 */
export function labelEvent(message: Omit<topspark_msgs.msg.Label, 'kind'> & { readonly kind?: number }): LabelEvent {
  // `kind` is absent in a recording from before labels had kinds.
  const { header, label, kind: number = 0 } = message;
  const kind = labelKinds.at(number);
  if (kind !== undefined) return { stamp: toNanoseconds(header.stamp), name: label, kind };
  const found = `kind of label ${quoted(label)} is ${number}`;
  const known = labelKinds.map((name, at) => `${at} ${name}`).join(', ');
  throw new TopsparkError('label_kind', 'data', `${found}, expected one of ${known}`);
}

/** A label without a stamp that found its sample, for recordings. */
export function taughtMessage({ stamp, name, kind = 'unset' }: LabelEvent): topspark_msgs.msg.Label {
  return { header: { stamp: toStamp(stamp), frame_id: '' }, label: name, kind: labelKinds.indexOf(kind) };
}

/** A class that was forgotten or renamed, for recordings. */
export function classEditMessage(event: ClassEditEvent, stamp: Stamp): topspark_msgs.msg.ClassEdit {
  return { header: { stamp, frame_id: '' }, label: event.name, new_label: event.newName };
}

/** A class edit from a recording as an input of the agent. */
export function classEditEvent({ label, new_label: newName }: topspark_msgs.msg.ClassEdit): ClassEditEvent {
  return { name: label, newName };
}

/** The robot's speed as an input of the agent. */
export function motionEvent({ header, twist }: nav_msgs.msg.Odometry): MotionEvent {
  const { x, y, z } = twist.twist.linear;
  return { stamp: toNanoseconds(header.stamp), speed: Math.hypot(x, y, z) };
}

/** The fields of a battery message that the agent reads; the agent checks them. */
export function batteryEvent(message: sensor_msgs.msg.BatteryState): BatteryMessage {
  const { present, percentage, charge, capacity, power_supply_status: status, voltage, current } = message;
  const names = [message.header.frame_id, message.location, message.serial_number];
  return { present, percentage, charge, capacity, status, voltage, current, names };
}

/**
 * Refuses a message by its size alone, since reading it would cost time and memory.
 *
 * @throws {@link TopsparkError} `message_too_large`
 */
export function checkSize({ length }: Uint8Array, maxBytes: number): void {
  if (length <= maxBytes) return;
  const found = `message has ${length} bytes, expected at most input.max_bytes = ${maxBytes}`;
  throw new TopsparkError('message_too_large', 'data', found);
}

/** Smaller messages are left to the garbage collector [byte]. */
const large = 65_536;

/** A message, and a function that releases its memory at once; it must not be read afterwards. */
export interface ReadMessage<Message> {
  readonly message: Message;
  readonly release: (() => void) | undefined;
}

/**
 * Reads messages of a type from the bytes (CDR) of the middleware; large arrays are not copied. rclnodejs's own
 * conversion takes longer, and leaves its memory to the garbage collector, a second of video at a time. That costs more
 * than all other steps of an image.
 */
export class InputReader<T extends MessageTypeClassName> {
  readonly #reader: CdrReader<MessageType<T>>;

  /**
   * @param definitions - fields of the type and of its nested types
   * @param maxBytes - larger messages are refused unread
   */
  constructor(
    readonly type: T,
    definitions: Definitions,
    readonly maxBytes = standardBounds.maxBytes,
  ) {
    this.#reader = new CdrReader(definitions);
  }

  /**
   * @param giveBack - call it when nothing reads the bytes any more; absent: the message owns them
   * @throws {@link TopsparkError} `message_too_large`, or `message_undecodable` where the bytes are not such a message
   */
  read(bytes: Uint8Array, giveBack?: () => void): ReadMessage<MessageType<T>> {
    checkSize(bytes, this.maxBytes);
    try {
      const message = this.#reader.read(bytes);
      if (giveBack !== undefined) return { message, release: giveBack };
      const own = bytes.byteLength === bytes.buffer.byteLength;
      return { message, release: own && bytes.length >= large ? release.bind(undefined, bytes) : undefined };
    } catch (cause) {
      const why = reasonOf(cause);
      const found = `${bytes.length} bytes came that are not a ${this.type}: ${why}`;
      throw new TopsparkError('message_undecodable', 'data', found, { cause });
    }
  }
}

// Transferring it to a closed port frees it at once; JavaScript has no shorter way.
const { port1: nowhere } = new MessageChannel();
nowhere.close();

function release({ buffer }: Uint8Array): void {
  nowhere.postMessage(undefined, [buffer as ArrayBuffer]);
}

/** An input topic of the agent. */
export interface InputTopic<T extends MessageTypeClassName = MessageTypeClassName> {
  /** Name for its refusals. */
  readonly name: string;
  readonly type: T;
  /** Converts a message into an input. */
  readonly input: (read: ReadMessage<MessageType<T>>) => AgentInput;
}

/** Labels, which name the classes of samples. */
export const labelTopic: InputTopic<'topspark_msgs/msg/Label'> = {
  name: 'label',
  type: 'topspark_msgs/msg/Label',
  input: ({ message }) => ({ topic: 'label', event: labelEvent(message) }),
};

/** A joystick, whose buttons teach. */
export const joyTopic: InputTopic<'sensor_msgs/msg/Joy'> = {
  name: 'joy',
  type: 'sensor_msgs/msg/Joy',
  input: ({ message }) => ({ topic: 'joy', event: { buttons: message.buttons } }),
};

/** The robot's odometry, read for its speed. */
export const odometryTopic: InputTopic<'nav_msgs/msg/Odometry'> = {
  name: 'odom',
  type: 'nav_msgs/msg/Odometry',
  input: ({ message }) => ({ topic: 'odom', event: motionEvent(message) }),
};

/** The robot's battery. */
export const batteryTopic: InputTopic<'sensor_msgs/msg/BatteryState'> = {
  name: 'battery_state',
  type: 'sensor_msgs/msg/BatteryState',
  input: ({ message }) => ({ topic: 'battery_state', event: batteryEvent(message) }),
};

/**
 * A sensor's messages.
 *
 * @param monotonic - time now [s]
 */
export const sensorTopic = ({ name, type }: SensorKind, monotonic: () => number): InputTopic => ({
  name,
  type: type as MessageTypeClassName,
  input: ({ message, release }) => {
    // All sensor types have a header.
    return { topic: 'sensor', event: sensorEvent(name, message as StampedMessage, monotonic(), release) };
  },
});

/** Converts bytes of a topic into an input; invalid bytes are refused under the topic's name. */
export function readInput<T extends MessageTypeClassName>(
  { name, input }: InputTopic<T>,
  reader: InputReader<T>,
  bytes: Uint8Array,
  giveBack?: () => void,
): AgentInput {
  try {
    return input(reader.read(bytes, giveBack));
  } catch (error) {
    return { topic: 'unread', event: refusal(name, error) };
  }
}

/** A decision, with stamp and frame_id of the message that it answers. */
export function decisionMessage(event: DecisionEvent): topspark_msgs.msg.Decision {
  const { stamp, frameId, label, confidence, givenLabel, unknown, unknownScore, readout, classes, scores } = event;
  const { timesteps, timestepsRun, latency, energy, learned } = event;
  return {
    header: { stamp: toStamp(stamp), frame_id: frameId },
    label,
    confidence,
    // Written at once, and never changed: no copy.
    classes: classes as string[],
    scores,
    timesteps,
    timesteps_run: timestepsRun,
    latency,
    energy,
    learned,
    repeated: event.repeated,
    readout: readouts.indexOf(readout),
    given_label: givenLabel,
    unknown,
    unknown_score: unknownScore,
  };
}

/** A question, with stamp and frame_id of the message that it is about. */
export function questionMessage(event: QuestionEvent): topspark_msgs.msg.Question {
  const { stamp, frameId, candidates, why, answer, timeLeft } = event;
  return {
    header: { stamp: toStamp(stamp), frame_id: frameId },
    candidates: candidates.map(({ label }) => label),
    confidences: Float32Array.from(candidates, ({ confidence }) => confidence),
    why: questionReasons.indexOf(why),
    kind: labelKinds.indexOf(answer),
    time_left: timeLeft,
  };
}

/** The place of the robot. */
export function placeMessage({ stamp, frameId, label, since, confidence }: PlaceEvent): topspark_msgs.msg.Place {
  return { header: { stamp: toStamp(stamp), frame_id: frameId }, label, since: toStamp(since), confidence };
}

/** vision_msgs/msg/Classification, which is not installed everywhere. */
export interface ClassificationMessage {
  readonly header: std_msgs.msg.Header;
  readonly results: readonly { readonly class_id: string; readonly score: number }[];
}

/**
 * A decision for vision_msgs: probabilities, the largest first. The answer has its confidence; the other classes share
 * the rest by their votes. Empty where the sample is unknown, or nothing is known.
 */
export function classificationMessage(event: DecisionEvent): ClassificationMessage {
  const { stamp, frameId, label, confidence, classes, scores } = event;
  const results = candidatesOf(label, confidence, classes, scores).map((each) => {
    return { class_id: each.label, score: each.confidence };
  });
  return { header: { stamp: toStamp(stamp), frame_id: frameId }, results };
}

/** Fields set in visualization_msgs/msg/Marker, which is not installed everywhere. */
export interface TextMarkerMessage {
  readonly header: std_msgs.msg.Header;
  readonly ns: string;
  readonly type: number;
  readonly pose: { readonly position: { readonly z: number }; readonly orientation: { readonly w: number } };
  readonly scale: { readonly z: number };
  readonly color: { readonly r: number; readonly g: number; readonly b: number; readonly a: number };
  readonly lifetime: { readonly sec: number; readonly nanosec: number };
  readonly text: string;
}

/** The answer as text above the sensor, for RViz: 'kitchen 97.0 %', or 'unknown'. It expires unless renewed. */
export function markerMessage({ stamp, frameId, label, confidence, unknown }: DecisionEvent): TextMarkerMessage {
  return {
    header: { stamp: toStamp(stamp), frame_id: frameId },
    ns: 'topspark',
    type: 9, // TEXT_VIEW_FACING
    pose: { position: { z: 0.5 }, orientation: { w: 1 } },
    scale: { z: 0.3 },
    color: { r: 1, g: 1, b: 1, a: 1 },
    lifetime: { sec: 3, nanosec: 0 },
    text: label === '' ? (unknown ? 'unknown' : '') : `${label} ${percent(confidence)}`,
  };
}

/** Spikes of the network for a sample. */
export function spikesMessage(spikes: SampleSpikes, decision: DecisionEvent): topspark_msgs.msg.Spikes {
  const { rows, columns, input, steps, neurons, labels } = spikes;
  return {
    header: { stamp: toStamp(decision.stamp), frame_id: decision.frameId },
    ...{ rows, columns, input, timesteps: decision.timestepsRun },
    ...{ steps, neurons, labels: [...labels] },
  };
}

/** The prototype of each class. */
export function prototypesMessage(all: readonly PrototypePicture[], stamp: Stamp): topspark_msgs.msg.Prototypes {
  const { rows, columns } = all.at(0) ?? { rows: 0, columns: 0 };
  return {
    header: { stamp, frame_id: '' },
    ...{ rows, columns },
    labels: all.map(({ name }) => name),
    neurons: Uint16Array.from(all, ({ neuron }) => neuron),
    weights: Uint8Array.from(all.flatMap(({ weights }) => [...weights])),
  };
}

/**
 * The energy mode in force.
 *
 * @param status - as of the last second
 * @param energy - as of the last second, over everything its source covers
 * @param learningEnabled - whether the user allows learning at all
 */
export function energyModeMessage(
  event: ModeEvent,
  status: AgentStatus,
  energy: EnergyReading,
  learningEnabled: boolean,
  stamp: Stamp,
): topspark_msgs.msg.EnergyMode {
  const { point, maxRate, learning } = event.settings;
  return {
    header: { stamp, frame_id: '' },
    mode: modeNames.indexOf(event.mode),
    name: event.mode,
    forced: event.forced,
    timesteps: point.timesteps,
    events: point.events,
    keep: point.keep,
    exit_first: point.exitFirst,
    exit: point.exit,
    max_decisions_rate: maxRate,
    learning: learning && learningEnabled,
    battery: event.charge ?? NaN,
    ...accuracyFields(event, status),
    deadline: event.deadline,
    latency_expected: event.latency ?? NaN,
    in_time: event.inTime,
    mission: event.mission !== undefined,
    mission_until: toStamp(BigInt(Math.round((event.mission?.until ?? 0) * 1e9))),
    mission_reserve: event.mission?.reserve ?? NaN,
    mission_planned: event.mission?.planned ?? NaN,
    power: status.power,
    energy_per_sample: status.energyPerSample,
    reason: event.reason,
    energy_source: energy.source,
    energy_measured: energy.measured,
    energy_uncertainty: energy.uncertainty,
    energy_power: energy.power,
    point_reason: event.pointReason,
  };
}

function accuracyFields(event: ModeEvent, { accuracy: estimate }: AgentStatus) {
  return {
    accuracy: estimate.accuracy,
    accuracy_low: estimate.low,
    accuracy_high: estimate.high,
    accuracy_reason: estimate.reason,
    accuracy_faded: estimate.faded,
    recall: estimate.recall,
    recall_low: estimate.recallLow,
    recall_high: estimate.recallHigh,
    accuracy_target: event.target,
    accuracy_measure: event.measure,
    accuracy_expected: event.expected?.value ?? NaN,
    accuracy_deviation: event.expected?.deviation ?? NaN,
    accuracy_warning: event.warning,
    drift: event.drift,
  };
}

/** Totals of the node. */
export function statusMessage(status: AgentStatus, usage: ProcessUsage, stamp: Stamp): topspark_msgs.msg.Status {
  return {
    header: { stamp, frame_id: '' },
    received: BigInt(status.received),
    decided: BigInt(status.decided),
    learned: BigInt(status.learned),
    familiar: BigInt(status.familiar),
    repeated: BigInt(status.repeats),
    unknown: BigInt(status.unknown),
    labelled: BigInt(status.labelled),
    labels_repeated: BigInt(status.repeated),
    labels_waiting: BigInt(status.labelsWaiting),
    questions: BigInt(status.questions),
    groups_named: BigInt(status.groupsNamed),
    label_lateness: status.remembered.seconds,
    dropped_causes: [...status.dropped.keys()],
    dropped_counts: [...status.dropped.values()].map(BigInt),
    neurons_used: status.neuronsUsed,
    neurons: status.neurons,
    classes: [...status.classes],
    accuracy: status.accuracy.accuracy,
    accuracy_low: status.accuracy.low,
    accuracy_high: status.accuracy.high,
    accuracy_samples: status.accuracy.samples,
    energy_used: status.energyUsed,
    energy_saved: status.energySaved,
    latency_p50: status.latencyP50,
    latency_p99: status.latencyP99,
    cpu: usage.cpu,
    stages: [...usage.stages.keys()],
    stage_shares: Float32Array.from(usage.stages.values()),
    memory: BigInt(usage.memory),
    weights_hash: status.weightsHash,
  };
}
