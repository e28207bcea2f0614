/**
 * Why a label was given, in the order of `Label.kind`: unset, a sample drawn at random, a correction of a wrong answer, the
 * answer to a question, or part of a burst by which a person teaches.
 */
export const labelKinds = ['unset', 'random', 'correction', 'answer', 'teaching'] as const;

/** One of {@link labelKinds}. */
export type LabelKind = (typeof labelKinds)[number];

/**
 * Kinds whose labels show how often answers are right. People who correct, answer or teach do not draw at random: estimate,
 * calibration, controller and alarms ignore these.
 */
export const fairKinds: ReadonlySet<LabelKind> = new Set<LabelKind>(['unset', 'random']);
