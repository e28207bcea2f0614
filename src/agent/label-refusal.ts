import { quoted } from '../base/quoted.js';
import type { LabelCause } from '../readout/label-outcome.js';
import type { RefusalEvent } from './events.js';
import { stampText } from '../base/stamps.js';

/** The refusal of a label, in words. */
export function labelRefusal(
  cause: LabelCause | 'too_long',
  stamp: bigint,
  name: string,
  limits: { readonly classes: number; readonly memory: number; readonly maxText: number },
): RefusalEvent {
  const label = `label ${quoted(name)}`;
  const sentences: Record<LabelCause | 'too_long', string> = {
    unknown_stamp: `stamp ${stampText(stamp)} of ${label} is none of the last ${limits.memory} samples'`,
    silent_sample: `${label} names the sample of ${stampText(stamp)}, which was silent: there is nothing to learn`,
    too_many_classes: `${label} would be a class more than network.classes = ${limits.classes}`,
    too_long: `${label} is longer than input.max_text = ${limits.maxText} characters`,
    duplicate: `${label} is the second for the sample of ${stampText(stamp)}; the first one counts`,
  };
  return { kind: 'refusal', topic: 'label', cause: `label_${cause}`, message: sentences[cause] };
}
