/** Stages from a message to its decision, in order. */
export const stageNames = ['take', 'convert', 'encode', 'decide', 'learn', 'publish', 'upkeep'] as const;

/** One of {@link stageNames}. */
export type Stage = (typeof stageNames)[number];

/** Receives the marks of stages. */
export interface StageMarks {
  /** The time since the last mark belongs to this stage. */
  mark(stage: Stage): void;
  /** The time since the last mark belongs to other work. */
  resume(): void;
}

/** Ignores all marks. */
export const noMarks: StageMarks = { mark: () => undefined, resume: () => undefined };
