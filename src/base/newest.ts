/**
 * Puts an entry into a map as its newest; where there are more than `most`, the oldest is given up.
 *
 * @param most - entries that are kept, at least 1
 */
export function putNewest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  map.delete(oldest);
}
