/**
 * Puts an entry into a map as its newest; with more than `most` entries the oldest is removed.
 *
 * @param most - entries kept, at least 1
 */
export function putNewest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  map.delete(oldest);
}
