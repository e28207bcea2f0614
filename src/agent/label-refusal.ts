import type { LabelCause } from '../readout/label-outcome.js';
import type { RefusalEvent } from './events.js';
import { stampText } from './stamp-text.js';

/** The refusal of a label, in words. */
export function labelRefusal(
  cause: LabelCause,
  stamp: bigint,
  name: string,
  limits: { readonly classes: number; readonly memory: number },
): RefusalEvent {
  const sentences: Record<LabelCause, string> = {
    unknown_stamp: `stamp ${stampText(stamp)} of label "${name}" is none of the last ${limits.memory} samples'`,
    silent_sample: `label "${name}" names the sample of ${stampText(stamp)}, which was silent: there is nothing to learn`,
    too_many_classes: `label "${name}" would be a class more than network.classes = ${limits.classes}`,
    duplicate: `label "${name}" is the second for the sample of ${stampText(stamp)}; the first one counts`,
  };
  return { kind: 'refusal', topic: 'label', cause: `label_${cause}`, message: sentences[cause] };
}
