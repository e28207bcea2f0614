/**
 * Why a label was given, in the order of `Label.kind`: unset, for a sample drawn at random, to correct a wrong answer,
 * to answer a question, or in a burst by which a person teaches.
 */
export const labelKinds = ['unset', 'random', 'correction', 'answer', 'teaching'] as const;

/** One of {@link labelKinds}. */
export type LabelKind = (typeof labelKinds)[number];

/**
 * Kinds whose labels show how often answers are right. Corrections, answers and teaching are not drawn at random, so
 * the accuracy estimate, the calibration, the controller and the alarms ignore them.
 */
export const fairKinds: ReadonlySet<LabelKind> = new Set<LabelKind>(['unset', 'random']);
