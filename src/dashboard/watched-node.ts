import type { PageView } from './protocol.js';

/** The parts of a {@link PageView} that come from the node. */
export type NodeView = Pick<
  PageView,
  'silence' | 'decision' | 'mode' | 'status' | 'classes' | 'spikes' | 'prototypes' | 'questions' | 'fleet'
>;

/** A taught sample, by the stamp that labels use. */
export interface TaughtSample {
  readonly sec: number;
  readonly nanosec: number;
}

/** Changes of the node since the last poll. */
export interface News {
  /** Parts that changed. */
  readonly view: Partial<NodeView>;
  /** Newest pictures of its sensors, each a binary frame. */
  readonly pictures: readonly Uint8Array[];
  readonly taught: readonly TaughtSample[];
}

/** The node's answer to a request. */
export interface Outcome {
  readonly ok: boolean;
  /** A sentence. */
  readonly message: string;
}

/**
 * A running node, seen from outside. It is polled and never calls back, so that nothing is converted in vain. Requests
 * reject with a {@link TopsparkError} where the node does not answer.
 */
export interface Watched {
  /** Full name of the node. */
  readonly node: string;
  /** Starts or stops watching; while stopped, only whether the node is active is known. */
  look(on: boolean): void;
  /** Changes since the last call. */
  poll(): News;
  /**
   * Labels samples until `seconds` are over or {@link Watched.endTeaching} is called.
   *
   * @returns when that has ended
   */
  teach(name: string, seconds: number): Promise<Outcome & { readonly samples: number }>;
  endTeaching(): void;
  /** Undoes labels. */
  takeBack(samples: readonly TaughtSample[]): void;
  rename(name: string, newName: string): Promise<Outcome>;
  forget(name: string): Promise<Outcome>;
  /** Answers a question; an empty name skips it. */
  answer(id: string, name: string): Outcome;
  setMode(mode: string): Promise<Outcome>;
  /** @param target - 0..1 */
  setTarget(target: number): Promise<Outcome>;
  setLearning(on: boolean): Promise<Outcome>;
  save(): Promise<Outcome>;
  /** Merges what other robots share; that takes seconds. */
  merge(): Promise<Outcome>;
  /** Takes back what came from a robot. */
  forgetRobot(name: string): Promise<Outcome>;
}
