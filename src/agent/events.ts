import type { SensorEvent } from '../sensing/sensor-event.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { LabelKind } from '../classifier/label-kinds.js';
import type { Readout } from '../classifier/answer.js';
import type { QuestionReason } from './questions.js';
import type { BatteryMessage } from '../energy/battery.js';
import type { ModeDecision } from '../timestep/controller/controller.js';

/** A class name for an earlier sample. */
export interface LabelEvent {
  /** Stamp of the sample that is named [ns]; 0: the newest decided sample. */
  readonly stamp: bigint;
  /** Name of the class, not empty. */
  readonly name: string;
  /** Why it was given; `unset` where absent. */
  readonly kind?: LabelKind;
}

/** Forgets or renames a class. */
export interface ClassEditEvent {
  readonly name: string;
  /** The new name, perhaps of another class, which merges the two; empty: the class is forgotten. */
  readonly newName: string;
}

/** A label without a stamp has found its sample. Recorded so that a replay teaches the same. */
export interface TaughtEvent {
  readonly kind: 'taught';
  readonly label: LabelEvent;
}

/** A class was forgotten or renamed. Recorded so that a replay does the same. */
export interface ClassesEvent {
  readonly kind: 'classes';
  readonly edit: ClassEditEvent;
}

/** The decision on one sample; everything that `~/decision` publishes. */
export interface DecisionEvent {
  readonly kind: 'decision';
  readonly stamp: bigint;
  readonly frameId: string;
  /** Class name; empty while nothing is known, and where the sample is unknown. */
  readonly label: string;
  /** Probability that `givenLabel` is right, 0..1. */
  readonly confidence: number;
  /** The answer if it had to be one of the classes; empty while nothing is known. */
  readonly givenLabel: string;
  /** The sample belongs to no named class, as far as labels show; the score is 0..1, unknown from 0.5 on. */
  readonly unknown: boolean;
  readonly unknownScore: number;
  /** Readout stage that decided it. */
  readonly readout: Readout;
  readonly classes: readonly string[];
  /** Votes of each class, in the order of `classes`; a copy, owned by the receiver. */
  readonly scores: Float32Array;
  /** T of the operating point, and the timesteps run. */
  readonly timesteps: number;
  readonly timestepsRun: number;
  /** Time from the message to this event [s]. */
  readonly latency: number;
  /** Energy of the sensors' encoders and the network for this sample [J]. */
  readonly energy: number;
  readonly learned: boolean;
  /** Whether the answer repeats that of the last sample, which hardly differs; nothing was presented or learned. */
  readonly repeated: boolean;
}

/** A possible class of a sample. */
export interface ClassCandidate {
  readonly label: string;
  /** Probability of this class, 0..1. */
  readonly confidence: number;
}

/** A question about the class of a sample; everything that `~/question` publishes. */
export interface QuestionEvent {
  readonly kind: 'question';
  readonly stamp: bigint;
  readonly frameId: string;
  /** The likeliest first; empty while nothing is known. */
  readonly candidates: readonly ClassCandidate[];
  readonly why: QuestionReason;
  /** Kind that the answering label must have. */
  readonly answer: Extract<LabelKind, 'random' | 'answer'>;
  /** Time for which a label still finds the sample, roughly [s]; NaN: not known. */
  readonly timeLeft: number;
}

/** How fast the robot drives. */
export interface MotionEvent {
  /** [ns] */
  readonly stamp: bigint;
  /** [m/s] */
  readonly speed: number;
}

/** Where the robot is, by its answers; sent on every change. */
export interface PlaceEvent {
  readonly kind: 'place';
  /** Stamp [ns] and frame of the sample that changed it. */
  readonly stamp: bigint;
  readonly frameId: string;
  /** Class name; empty: not known. */
  readonly label: string;
  /** Stamp of the first sample with this answer [ns]. */
  readonly since: bigint;
  /** Mean probability of `label` since then, 0..1; an answer of another class counts 0. */
  readonly confidence: number;
}

/** The mode, sent on every change and on request. */
export interface ModeEvent extends ModeDecision {
  readonly kind: 'mode';
}

/** Something the user should know, once, though nothing was refused. */
export interface NoticeEvent {
  readonly kind: 'notice';
  /** Name of the sensor, or `label`, `battery_state`. */
  readonly topic: string;
  /** A sentence: what was found, and how it is treated. */
  readonly message: string;
}

/** Operating points were measured in the background, or could not be. */
export interface RecalibrationEvent {
  readonly kind: 'recalibration';
  /** Number of labelled samples used; 0: nothing was measured, for lack of a profile or of labelled samples. */
  readonly samples: number;
  /** The error; absent where there was none. */
  readonly error?: unknown;
}

/** Output of the agent. */
export type AgentEvent =
  | DecisionEvent
  | QuestionEvent
  | PlaceEvent
  | ModeEvent
  | RefusalEvent
  | NoticeEvent
  | RecalibrationEvent
  | TaughtEvent
  | ClassesEvent;

/** Input of the agent. */
export type AgentInput =
  | { readonly topic: 'sensor'; readonly event: SensorEvent }
  | { readonly topic: 'label'; readonly event: LabelEvent }
  | { readonly topic: 'class_edit'; readonly event: ClassEditEvent }
  /** State of each button of a joystick; 0: up. */
  | { readonly topic: 'joy'; readonly event: { readonly buttons: ArrayLike<number> } }
  | { readonly topic: 'odom'; readonly event: MotionEvent }
  | { readonly topic: 'battery_state'; readonly event: BatteryMessage }
  /** A message that could not be read. */
  | { readonly topic: 'unread'; readonly event: RefusalEvent };
