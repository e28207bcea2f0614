import { TopsparkError } from '../base/errors.js';
import type { SensorKind } from './sensor.js';

/**
 * Refuses two sensors on one topic: a message could not be assigned to one of them.
 *
 * @param sensors - in use, with their topics
 * @param resolve - returns the full name of a topic after remapping
 * @throws {@link TopsparkError} `bad_combination`
 */
export function checkTopics(
  sensors: readonly Pick<SensorKind, 'name' | 'topic'>[],
  resolve: (topic: string) => string,
): void {
  const taken = new Map<string, string>();
  for (const { name, topic } of sensors) {
    const full = resolve(topic);
    const before = taken.get(full);
    if (before !== undefined) {
      const found = `${before} and ${name} are both subscribed to ${full}`;
      throw new TopsparkError('bad_combination', 'usage', `${found}, expected one topic each; set ${name}.topic`);
    }
    taken.set(full, name);
  }
}
