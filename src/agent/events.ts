import type { SensorEvent } from '../sensing/sensor-event.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { LabelKind } from '../classifier/label-kinds.js';
import type { Readout } from '../classifier/answer.js';
import type { QuestionReason } from './questions.js';
import type { BatteryMessage } from '../energy/battery.js';
import type { ModeDecision } from '../timestep/controller/controller.js';

/** A class name for an earlier sample. */
export interface LabelEvent {
  /** Stamp of the sample that is named [ns]; 0: the newest that was decided. */
  readonly stamp: bigint;
  /** Name of the class, not empty. */
  readonly name: string;
  /** Why it was given; `unset` where absent. */
  readonly kind?: LabelKind;
}

/** A class is forgotten or called otherwise. */
export interface ClassEditEvent {
  readonly name: string;
  /** What it is called from now on, perhaps as another that it becomes one with; empty: it is forgotten. */
  readonly newName: string;
}

/** A label without a stamp of its own has found its sample: what a recording needs to teach the same. */
export interface TaughtEvent {
  readonly kind: 'taught';
  readonly label: LabelEvent;
}

/** A class was forgotten or is called otherwise: what a recording needs to do the same. */
export interface ClassesEvent {
  readonly kind: 'classes';
  readonly edit: ClassEditEvent;
}

/** What the agent decided about one sample; everything that `~/decision` tells. */
export interface DecisionEvent {
  readonly kind: 'decision';
  readonly stamp: bigint;
  readonly frameId: string;
  /** Class name; empty while nothing is known, and where the sample is unknown. */
  readonly label: string;
  /** Probability that `givenLabel` is right, 0..1. */
  readonly confidence: number;
  /** What it would be if it had to be one of the classes; empty while nothing is known. */
  readonly givenLabel: string;
  /** The sample is of nothing that has a name, as far as labels tell; how much so, 0..1, from 0.5 on. */
  readonly unknown: boolean;
  readonly unknownScore: number;
  /** Which stage decided it. */
  readonly readout: Readout;
  readonly classes: readonly string[];
  /** Votes of each class, in the order of `classes`; a copy that the receiver owns. */
  readonly scores: Float32Array;
  /** T of the operating point, and the steps that were run. */
  readonly timesteps: number;
  readonly timestepsRun: number;
  /** From taking the message to this event [s]. */
  readonly latency: number;
  /** Energy of the sensors' encoders and of the network for this sample [J]. */
  readonly energy: number;
  readonly learned: boolean;
  /** It is the answer of the sample before, from which this one hardly differs; nothing was presented or learned. */
  readonly repeated: boolean;
}

/** A class that a sample may be of. */
export interface ClassCandidate {
  readonly label: string;
  /** Probability that it is, 0..1. */
  readonly confidence: number;
}

/** A sample whose class somebody is asked for; everything that `~/question` tells. */
export interface QuestionEvent {
  readonly kind: 'question';
  readonly stamp: bigint;
  readonly frameId: string;
  /** The likeliest first; none while nothing is known. */
  readonly candidates: readonly ClassCandidate[];
  readonly why: QuestionReason;
  /** Kind that the label is to have which answers. */
  readonly answer: Extract<LabelKind, 'random' | 'answer'>;
  /** For about so long a label still finds the sample [s]; NaN: not known. */
  readonly timeLeft: number;
}

/** How fast the robot drives. */
export interface MotionEvent {
  /** [ns] */
  readonly stamp: bigint;
  /** [m/s] */
  readonly speed: number;
}

/** Where the robot is, as its answers say; told where it changes. */
export interface PlaceEvent {
  readonly kind: 'place';
  /** Stamp and frame of the sample with which it changed [ns]. */
  readonly stamp: bigint;
  readonly frameId: string;
  /** Class name; empty: not known. */
  readonly label: string;
  /** Stamp of the first sample that was answered so [ns]. */
  readonly since: bigint;
  /** Mean probability that `label` is right since then, 0..1; an answer that said otherwise counts 0. */
  readonly confidence: number;
}

/** The mode, told at every change and on request. */
export interface ModeEvent extends ModeDecision {
  readonly kind: 'mode';
}

/** Something that the user should hear of once, though nothing was refused. */
export interface NoticeEvent {
  readonly kind: 'notice';
  /** Name of the sensor, or `label`, `battery_state`. */
  readonly topic: string;
  /** A sentence: what was found, and what is made of it. */
  readonly message: string;
}

/** Operating points were measured anew beside the decisions, or could not be. */
export interface RecalibrationEvent {
  readonly kind: 'recalibration';
  /** Labelled samples that it rests on; 0: nothing was done, since there is no profile or no labelled sample. */
  readonly samples: number;
  /** What went wrong; absent where nothing did. */
  readonly error?: unknown;
}

/** What comes out of the agent. */
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

/** What goes in. */
export type AgentInput =
  | { readonly topic: 'sensor'; readonly event: SensorEvent }
  | { readonly topic: 'label'; readonly event: LabelEvent }
  | { readonly topic: 'class_edit'; readonly event: ClassEditEvent }
  /** Which buttons of a joystick are down: a number a button, 0: up. */
  | { readonly topic: 'joy'; readonly event: { readonly buttons: ArrayLike<number> } }
  | { readonly topic: 'odom'; readonly event: MotionEvent }
  | { readonly topic: 'battery_state'; readonly event: BatteryMessage }
  /** A message that nobody could read. */
  | { readonly topic: 'unread'; readonly event: RefusalEvent };
