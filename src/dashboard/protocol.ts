// What page and server tell each other; both sides import this file, so it holds nothing but data.

/** A class of the node. */
export interface ClassView {
  readonly name: string;
  /** Labels that it heard. */
  readonly labels: number;
  /** Neurons that stand for it. */
  readonly neurons: number;
  /** Time since a sample was answered so [s]; `null`: none was since the node was configured. */
  readonly seen: number | null;
}

/** The newest answer. Times are seconds of the samples' own stamps. */
export interface DecisionView {
  readonly stamp: number;
  /** Empty while nothing is known, and where the sample is unknown. */
  readonly label: string;
  /** Probability that `givenLabel` is right, 0..1. */
  readonly confidence: number;
  /** What it would be if it had to be one of the classes. */
  readonly givenLabel: string;
  /** It is of nothing that has a name, as far as labels tell. */
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
  /** Timesteps that were run. */
  readonly timesteps: number;
  /** Of each spike: its timestep from 1, the neuron, and the class that this mostly stands for; empty: none. */
  readonly steps: readonly number[];
  readonly neurons: readonly number[];
  readonly labels: readonly string[];
}

/** What stands for each class, as pictures of one size. */
export interface PrototypesView {
  readonly rows: number;
  readonly columns: number;
  /** Of each class: its name, the neuron, and a byte a cell in base64. */
  readonly pictures: readonly { readonly name: string; readonly neuron: number; readonly weights: string }[];
}

/** A sample whose class the node would like to know. */
export interface QuestionView {
  /** By which it is answered. */
  readonly id: string;
  /** Classes that it may be, the likeliest first, with their probabilities. */
  readonly candidates: readonly (readonly [name: string, confidence: number])[];
  readonly why: 'unsure' | 'unknown_group' | 'random_check';
  /** What the sensor saw then, a binary frame in base64; empty: not known. */
  readonly picture: string;
}

/** The energy mode in force. `null` is what is not known. */
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
  /** What that rests on, and why its bounds are wide. */
  readonly accuracyReason: string;
  readonly target: number;
  /** What the target is set on: accuracy or recall. */
  readonly measure: string;
  readonly drift: boolean;
  /** Of the network over the last second [W]. */
  readonly power: number | null;
  /** Of the network [J]. */
  readonly energyPerSample: number | null;
  /** Of all that the energy source covers, over the last second [W]. */
  readonly sourcePower: number | null;
  readonly source: string;
  readonly measured: boolean;
  readonly reason: string;
  readonly pointReason: string;
}

/** What the node did since it was activated first. */
export interface StatusView {
  readonly received: number;
  readonly decided: number;
  readonly learned: number;
  readonly labelled: number;
  /** Refused or skipped, by cause, the most frequent first. */
  readonly dropped: readonly (readonly [cause: string, count: number])[];
  readonly neuronsUsed: number;
  readonly neurons: number;
  readonly accuracySamples: number;
  /** [J] */
  readonly energyUsed: number;
  readonly energySaved: number;
  /** [s] */
  readonly latencyP99: number | null;
  /** Of one core, 0.. */
  readonly cpu: number;
  /** [byte] */
  readonly memory: number;
}

/** What is being taught now, whoever teaches it on this page or another. */
export interface LessonView {
  readonly name: string;
  /** Whether it is this page that teaches. */
  readonly own: boolean;
}

/** Everything that a page shows but pictures. A frame holds the parts that changed since the last. */
export interface PageView {
  /** Full name of the node. */
  readonly node: string;
  readonly version: string;
  readonly readOnly: boolean;
  /** Empty while the node is heard; else a sentence that says why it is not. */
  readonly silence: string;
  readonly decision: DecisionView | null;
  readonly mode: ModeView | null;
  readonly status: StatusView | null;
  readonly classes: readonly ClassView[];
  readonly spikes: SpikesView | null;
  readonly prototypes: PrototypesView | null;
  /** The oldest first. */
  readonly questions: readonly QuestionView[];
  readonly lesson: LessonView | null;
  /** Frames that this viewer was not sent, since its line is slow. */
  readonly skipped: number;
}

/** What a page asks for. `hold` says again that a button is held; a lesson ends where it does not come. */
export type Request =
  | { readonly do: 'teach'; readonly name: string }
  | { readonly do: 'hold' }
  | { readonly do: 'release' }
  | { readonly do: 'take_back' }
  | { readonly do: 'rename'; readonly name: string; readonly newName: string }
  | { readonly do: 'forget'; readonly name: string }
  /** An empty name: nobody answers it. */
  | { readonly do: 'answer'; readonly question: string; readonly name: string }
  | { readonly do: 'mode'; readonly mode: string }
  | { readonly do: 'target'; readonly target: number }
  | { readonly do: 'learning'; readonly on: boolean }
  | { readonly do: 'save' };

/** What became of a request, by the number under which it was asked; 0: of none, a word of warning. */
export interface Reply {
  readonly id: number;
  readonly ok: boolean;
  readonly message: string;
}

/** A text frame to the page. */
export type ToPage = { readonly view: Partial<PageView> } | { readonly reply: Reply };

/** First byte of a binary frame to the page, which says what follows; {@link pictures} has the rest. */
export const pictureKinds = {
  /** Scan: float32 angle of the first beam [rad], angle between beams [rad], greatest range [m]; uint16 ranges [cm], 0: nothing seen. */
  scan: 1,
  /** Uint16 width and height [pixel], then a byte of light a pixel. */
  light: 2,
  /** A JPEG or PNG as the camera made it. */
  encoded: 3,
} as const;

/** Bytes before the content of a binary frame, so that numbers of four bytes are aligned. */
export const pictureHeader = 4;

/** A page says so often that its button is held [ms]; a lesson ends after {@link holdLimit} without a word. */
export const holdEvery = 400;
/** [ms] */
export const holdLimit = 2000;

/** The subprotocol that page and server speak; a token comes as a second one, after {@link tokenPrefix}. */
export const subprotocol = 'topspark.1';
/** */
export const tokenPrefix = 'token.';
