import { duration } from '../base/units.js';
import type { Sight } from '../sensing/sensor.js';

/** What looking at a picture takes at each resolution, in a sentence for the log. */
export function tellSights(sights: readonly Sight[]): string {
  const each = sights.map(({ resolution, microseconds }) => `${resolution} px ${duration(microseconds * 1e-6)}`);
  return `CPU time of a picture through the pretrained network, as measured now: ${each.join(', ')}`;
}
