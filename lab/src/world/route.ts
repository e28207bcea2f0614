import type { Spot } from './building.js';

/**
 * The shortest path between two spots (Dijkstra).
 *
 * @param from - index of a spot
 * @param to - index of a spot
 * @returns the spots to pass, the last one `to`; empty where `to` is `from` or cannot be reached
 */
export function route(spots: readonly Spot[], from: number, to: number): number[] {
  const distance = new Map([[from, 0]]);
  const before = new Map<number, number>();
  const open = new Set([from]);
  while (open.size > 0) {
    const nearest = [...open].reduce((a, b) => (at(distance, b) < at(distance, a) ? b : a));
    if (nearest === to) break;
    open.delete(nearest);
    for (const next of spots[nearest].next) {
      const length = Math.hypot(spots[next].x - spots[nearest].x, spots[next].y - spots[nearest].y);
      const way = at(distance, nearest) + length;
      if (way >= at(distance, next)) continue;
      distance.set(next, way);
      before.set(next, nearest);
      open.add(next);
    }
  }
  const passed: number[] = [];
  for (let spot: number | undefined = to; spot !== undefined && spot !== from; spot = before.get(spot))
    passed.push(spot);
  return before.has(to) ? passed.reverse() : [];
}

const at = (distance: ReadonlyMap<number, number>, spot: number): number => distance.get(spot) ?? Infinity;
