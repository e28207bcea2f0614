import type { PageView } from './protocol.js';

/** The parts of a {@link PageView} that the node tells. */
export type NodeView = Pick<
  PageView,
  'silence' | 'decision' | 'mode' | 'status' | 'classes' | 'spikes' | 'prototypes' | 'questions'
>;

/** A sample that was taught, by the stamp that labels name it by. */
export interface TaughtSample {
  readonly sec: number;
  readonly nanosec: number;
}

/** What has come of the node since it was polled last. */
export interface News {
  /** Parts that changed. */
  readonly view: Partial<NodeView>;
  /** Newest pictures of its sensors, each a binary frame. */
  readonly pictures: readonly Uint8Array[];
  readonly taught: readonly TaughtSample[];
}

/** What the node says of a request. */
export interface Outcome {
  readonly ok: boolean;
  /** A sentence. */
  readonly message: string;
}

/**
 * A running node, seen from outside. It is polled and never calls: what nobody looks at costs nothing. Requests reject with
 * a {@link TopsparkError} where the node does not answer.
 */
export interface Watched {
  /** Full name. */
  readonly node: string;
  /** Somebody looks, or nobody does any more; then only whether it is heard is known. */
  look(on: boolean): void;
  /** What has come since the last call. */
  poll(): News;
  /**
   * Names samples until `seconds` are over or {@link Watched.endTeaching}.
   *
   * @returns when that has ended
   */
  teach(name: string, seconds: number): Promise<Outcome & { readonly samples: number }>;
  endTeaching(): void;
  /** Takes labels back. */
  takeBack(samples: readonly TaughtSample[]): void;
  rename(name: string, newName: string): Promise<Outcome>;
  forget(name: string): Promise<Outcome>;
  /** Answers a question; an empty name: nobody does. */
  answer(id: string, name: string): Outcome;
  setMode(mode: string): Promise<Outcome>;
  /** @param target - 0..1 */
  setTarget(target: number): Promise<Outcome>;
  setLearning(on: boolean): Promise<Outcome>;
  save(): Promise<Outcome>;
}
