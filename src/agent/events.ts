import type { BatteryMessage } from '../energy/battery.js';
import type { ModeDecision } from '../timestep/controller.js';

/** A class name for an earlier sample. */
export interface LabelEvent {
  /** Stamp of the sample that is named [ns]. */
  readonly stamp: bigint;
  /** Name of the class, not empty. */
  readonly name: string;
}

/** A sensor message as it came, nothing converted yet. */
export interface SensorEvent {
  /** Name of the sensor's kind: `image`. */
  readonly sensor: string;
  /** Stamp of the message [ns]. */
  readonly stamp: bigint;
  /** Its frame_id, copied to the decision. */
  readonly frameId: string;
  /** Monotonic time at which it was taken [s]. */
  readonly taken: number;
  /** Its fields, under their names in ROS. */
  readonly message: object;
  /** Gives the message's memory back; called where nothing reads it any more. */
  readonly release?: (() => void) | undefined;
}

/** What the agent decided about one sample; everything that `~/decision` tells. */
export interface DecisionEvent {
  readonly kind: 'decision';
  readonly stamp: bigint;
  readonly frameId: string;
  /** Class name; empty while nothing is known. */
  readonly label: string;
  /** Share of the first class in all votes, 0..1. */
  readonly confidence: number;
  readonly classes: readonly string[];
  /** Votes of each class, in the order of `classes`; a copy that the receiver owns. */
  readonly scores: Float32Array;
  /** T of the operating point, and the steps that were run. */
  readonly timesteps: number;
  readonly timestepsRun: number;
  /** From taking the message to this event [s]. */
  readonly latency: number;
  /** Energy of the network for this sample [J]. */
  readonly energy: number;
  readonly learned: boolean;
}

/** The mode, told at every change and on request. */
export interface ModeEvent extends ModeDecision {
  readonly kind: 'mode';
}

/** An input that was refused or skipped, counted under its cause. */
export interface RefusalEvent {
  readonly kind: 'refusal';
  /** Name of the sensor, or `label`, `battery_state`. */
  readonly topic: string;
  /** Cause under which it is counted, snake_case. */
  readonly cause: string;
  /** A sentence: found, expected. Empty where a cause is ordinary and wants no warning. */
  readonly message: string;
  /** Stamp of the sample that will not be decided for it [ns]; absent where it concerns no sample. */
  readonly stamp?: bigint;
}

/** Something that the user should hear of once, though nothing was refused. */
export interface NoticeEvent {
  readonly kind: 'notice';
  /** Name of the sensor, or `label`, `battery_state`. */
  readonly topic: string;
  /** A sentence: what was found, and what is made of it. */
  readonly message: string;
}

/** What comes out of the agent's pipeline. */
export type AgentEvent = DecisionEvent | ModeEvent | RefusalEvent | NoticeEvent;

/** What goes in. */
export type AgentInput =
  | { readonly topic: 'sensor'; readonly event: SensorEvent }
  | { readonly topic: 'label'; readonly event: LabelEvent }
  | { readonly topic: 'battery_state'; readonly event: BatteryMessage }
  /** A message that nobody could read. */
  | { readonly topic: 'unread'; readonly event: RefusalEvent };
