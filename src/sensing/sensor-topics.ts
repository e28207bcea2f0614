import { TopsparkError } from '../base/errors.js';
import type { SensorKind } from './sensor.js';

/**
 * Refuses two sensors on one topic: a message would be of one of them, and nobody could tell of which.
 *
 * @param sensors - in use, with the topics that they are heard on
 * @param resolve - gives the full name of a topic, as it was mapped
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
      const found = `${before} and ${name} are both heard on ${full}`;
      throw new TopsparkError('bad_combination', 'usage', `${found}, expected a topic each; set ${name}.topic`);
    }
    taken.set(full, name);
  }
}
