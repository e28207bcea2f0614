/** The way from a message to its decision, in order. */
export const stageNames = ['take', 'convert', 'encode', 'decide', 'learn', 'publish', 'upkeep'] as const;

/** One of {@link stageNames}. */
export type Stage = (typeof stageNames)[number];

/** Whoever does a stage says so. */
export interface StageMarks {
  /** What ran since the mark before belongs to this stage. */
  mark(stage: Stage): void;
  /** Others had the thread since the mark before. */
  resume(): void;
}

/** Says nothing to anybody. */
export const noMarks: StageMarks = { mark: () => undefined, resume: () => undefined };
