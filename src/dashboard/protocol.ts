// Messages between page and server; both sides import this file, so it contains only data.

/** A class of the node. */
export interface ClassView {
  readonly name: string;
  /** Number of its labels. */
  readonly labels: number;
  /** Number of neurons that stand for it. */
  readonly neurons: number;
  /** Time since the last sample with this answer [s]; `null`: none since the node was configured. */
  readonly seen: number | null;
}

/** The newest answer. Its stamp is that of the sample [s]. */
export interface DecisionView {
  readonly stamp: number;
  /** Empty while nothing is known, and where the sample is unknown. */
  readonly label: string;
  /** Probability that `givenLabel` is right, 0..1. */
  readonly confidence: number;
  /** The answer if it had to be one of the classes. */
  readonly givenLabel: string;
  /** Whether the sample seems to belong to no named class. */
  readonly unknown: boolean;
  readonly classes: readonly string[];
  /** Votes, in the order of `classes`. */
  readonly scores: readonly number[];
  readonly timesteps: number;
  readonly timestepsRun: number;
  /** [s] */
  readonly latency: number;
  /** [J] */
  readonly energy: number;
  readonly learned: boolean;
}

/** Spikes of a sample, in their order. */
export interface SpikesView {
  /** Timesteps run. */
  readonly timesteps: number;
  /** For each spike: its timestep from 1, the neuron, and the class that the neuron mostly stands for; empty: none. */
  readonly steps: readonly number[];
  readonly neurons: readonly number[];
  readonly labels: readonly string[];
}

/** The prototype of each class, as pictures of one size. */
export interface PrototypesView {
  readonly rows: number;
  readonly columns: number;
  /** For each class: its name, the neuron, and one byte per cell in base64. */
  readonly pictures: readonly { readonly name: string; readonly neuron: number; readonly weights: string }[];
}

/** A question of the node about a sample. */
export interface QuestionView {
  /** Identifies it in an answer. */
  readonly id: string;
  /** Likely classes, the likeliest first, with their probabilities. */
  readonly candidates: readonly (readonly [name: string, confidence: number])[];
  readonly why: 'unsure' | 'unknown_group' | 'random_check';
  /** What the sensor saw at that time, a binary frame in base64; empty: not known. */
  readonly picture: string;
}

/** The energy mode in force. `null`: not known. */
export interface ModeView {
  readonly name: string;
  readonly forced: boolean;
  readonly timesteps: number;
  readonly events: number;
  readonly keep: number;
  readonly learning: boolean;
  readonly battery: number | null;
  readonly accuracy: number | null;
  readonly accuracyLow: number | null;
  readonly accuracyHigh: number | null;
  /** Basis of the estimate, and why its bounds are wide. */
  readonly accuracyReason: string;
  readonly target: number;
  /** Measure of the target: accuracy or recall. */
  readonly measure: string;
  readonly drift: boolean;
  /** Power of the network over the last second [W]. */
  readonly power: number | null;
  /** Energy of the network per sample [J]. */
  readonly energyPerSample: number | null;
  /** Total power of the energy source over the last second [W]. */
  readonly sourcePower: number | null;
  readonly source: string;
  readonly measured: boolean;
  readonly reason: string;
  readonly pointReason: string;
}

/** Totals of the node since it was first activated. */
export interface StatusView {
  readonly received: number;
  readonly decided: number;
  readonly learned: number;
  readonly labelled: number;
  /** Refused or skipped messages by cause, the most frequent first. */
  readonly dropped: readonly (readonly [cause: string, count: number])[];
  readonly neuronsUsed: number;
  readonly neurons: number;
  readonly accuracySamples: number;
  /** [J] */
  readonly energyUsed: number;
  readonly energySaved: number;
  /** [s] */
  readonly latencyP99: number | null;
  /** CPU time as a share of one core, 0.. */
  readonly cpu: number;
  /** [byte] */
  readonly memory: number;
}

/** Another robot of the fleet. Version 0 means none. */
export interface FleetRobotView {
  readonly name: string;
  /** Versions: the one that it offers, the one that is here in full, and the one that is merged into this robot. */
  readonly offered: number;
  readonly held: number;
  readonly merged: number;
  /** Number of chunks that it offers, and how many of them are here. */
  readonly chunks: number;
  readonly chunksHeld: number;
  /** Neurons of the network that came from it. */
  readonly neurons: number;
  /** Time since something came from it [s]; `null`: nothing yet. */
  readonly silent: number | null;
  /** What is wrong with it; empty: nothing. */
  readonly note: string;
}

/** The fleet of the node. */
export interface FleetView {
  readonly name: string;
  /** Name and role of this robot in the fleet. */
  readonly robot: string;
  readonly role: string;
  /** Version of what this robot shares; 0: nothing yet. */
  readonly version: number;
  readonly robots: readonly FleetRobotView[];
  /** Result of the last merge; empty: there was none. */
  readonly merge: string;
  /** Checkpoint from before the last merge; empty: none. */
  readonly undo: string;
  /** Address and state of its server; empty: there is none. */
  readonly server: string;
  readonly serverState: string;
  /** [byte] */
  readonly received: number;
  readonly sent: number;
}

/** The lesson under way, on this page or another. */
export interface LessonView {
  readonly name: string;
  /** Whether this page teaches. */
  readonly own: boolean;
}

/** Everything that a page shows, except pictures. A frame contains the parts that changed since the last. */
export interface PageView {
  /** Full name of the node. */
  readonly node: string;
  readonly version: string;
  readonly readOnly: boolean;
  /** Empty while the node is active; otherwise a sentence that says why it is silent. */
  readonly silence: string;
  readonly decision: DecisionView | null;
  readonly mode: ModeView | null;
  readonly status: StatusView | null;
  readonly classes: readonly ClassView[];
  readonly spikes: SpikesView | null;
  readonly prototypes: PrototypesView | null;
  /** Oldest first. */
  readonly questions: readonly QuestionView[];
  /** `null`: the node is in no fleet, or has not reported it yet. */
  readonly fleet: FleetView | null;
  readonly lesson: LessonView | null;
  /** Frames not sent to this viewer because its connection is slow. */
  readonly skipped: number;
}

/** Requests of a page. `hold` repeats that a button is held; without it a lesson ends. */
export type Request =
  | { readonly do: 'teach'; readonly name: string }
  | { readonly do: 'hold' }
  | { readonly do: 'release' }
  | { readonly do: 'take_back' }
  | { readonly do: 'rename'; readonly name: string; readonly newName: string }
  | { readonly do: 'forget'; readonly name: string }
  /** An empty name skips the question. */
  | { readonly do: 'answer'; readonly question: string; readonly name: string }
  | { readonly do: 'mode'; readonly mode: string }
  | { readonly do: 'target'; readonly target: number }
  | { readonly do: 'learning'; readonly on: boolean }
  | { readonly do: 'save' }
  | { readonly do: 'merge' }
  | { readonly do: 'forget_robot'; readonly name: string };

/** Outcome of a request, with its number; 0: a warning without a request. */
export interface Reply {
  readonly id: number;
  readonly ok: boolean;
  readonly message: string;
}

/** A text frame to the page. */
export type ToPage = { readonly view: Partial<PageView> } | { readonly reply: Reply };

/** Kind of the content of a binary frame to the page, which is its first byte. */
export const pictureKinds = {
  /**
   * Scan: float32 angle of the first beam [rad], angle between beams [rad], greatest range [m]; uint16 ranges [cm], 0:
   * nothing detected.
   */
  scan: 1,
  /** Luminance: uint16 width and height [pixel], then one byte per pixel. */
  light: 2,
  /** A JPEG or PNG as sent by the camera. */
  encoded: 3,
} as const;

/** Bytes before the content of a binary frame; numbers of four bytes are thus aligned. */
export const pictureHeader = 4;

/** Period in which a page reports that its button is held [ms]; without it a lesson ends after {@link holdLimit}. */
export const holdEvery = 400;
/** [ms] */
export const holdLimit = 2000;

/** Subprotocol of page and server; a token is sent as a second one, after {@link tokenPrefix}. */
export const subprotocol = 'topspark.1';
/** Prefix of the subprotocol that carries the token. */
export const tokenPrefix = 'token.';
