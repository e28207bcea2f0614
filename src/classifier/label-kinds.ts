/**
 * Why somebody gave a label, in the order of `Label.kind`: not told, a sample drawn at random, a correction of a wrong answer,
 * the answer to a question, or one of a burst by which a person teaches.
 */
export const labelKinds = ['unset', 'random', 'correction', 'answer', 'teaching'] as const;

/** One of {@link labelKinds}. */
export type LabelKind = (typeof labelKinds)[number];

/**
 * Kinds whose labels say how often answers are right. Whoever corrects, answers or teaches does not draw at random: estimate,
 * calibration, controller and alarms do not hear of these.
 */
export const fairKinds: ReadonlySet<LabelKind> = new Set<LabelKind>(['unset', 'random']);
