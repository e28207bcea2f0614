import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { RouteMatcher } from '../../src/classifier/route-matcher.js';

const length = 64;

/** A picture of a place: its own bright spots on a common background. */
function pictures(count: number, seed: number): Uint8Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => Uint8Array.from({ length }, () => 100 + random.below(60)));
}

/** The same place seen again, with this much noise. */
function again(picture: Uint8Array, noise: number, random: Random): Uint8Array {
  return picture.map((value) => Math.min(255, Math.max(0, value + random.below(2 * noise + 1) - noise)));
}

const routeOf = (places: readonly Uint8Array[], most = places.length): RouteMatcher => {
  const route = new RouteMatcher(most, length);
  for (const [k, each] of places.entries()) route.add(each, `place ${k}`, BigInt(k));
  return route;
};

describe('RouteMatcher', () => {
  const places = pictures(30, 1);

  it("finds the picture of a sample's place", () => {
    const route = routeOf(places);
    expect(route.match(places[7])).toBe(7);
    expect(route.match(places[8])).toBe(8);
  });

  it('finds more by consecutive samples than by each alone, also when the robot stands, turns back and is fast', () => {
    const random = new Random(2);
    const way = [
      ...Array(15).keys(),
      15,
      15,
      15,
      14,
      13,
      12,
      13,
      14,
      16,
      18,
      20,
      22,
      ...Array.from({ length: 8 }, (_, k) => 22 + k),
    ];
    const seen = way.map((k) => again(places[k], 90, random));
    const route = routeOf(places);
    const inRow = seen.filter((sample, t) => route.match(sample) === way[t]).length;
    const alone = seen.filter((sample, t) => routeOf(places).match(sample) === way[t]).length;
    expect(alone).toBeLessThan(0.75 * way.length);
    expect(inRow).toBeGreaterThan(0.9 * way.length);
  });

  it('finds a robot that was carried away within a few samples, and at once after a label', () => {
    const route = routeOf(places);
    for (let k = 0; k < 10; k++) route.match(places[k]);
    const found = [25, 26, 27, 28].map((k) => route.match(places[k]));
    expect(found.at(-1)).toBe(28);
    route.forgetWay();
    expect(route.match(places[3])).toBe(3);
  });

  it('finds nothing for one picture or for silence, and keeps no more than its limit', () => {
    const route = new RouteMatcher(2, length);
    expect(route.add(new Uint8Array(length), 'dark', 9n)).toBe(true);
    expect(route.add(places[0], 'a', 0n)).toBe(true);
    expect(route.match(places[0])).toBeUndefined();
    expect(route.add(places[1], 'b', 1n)).toBe(true);
    expect(route.add(places[2], 'c', 2n)).toBe(false);
    expect(route.names).toEqual(['a', 'b']);
    expect(route.match(new Uint8Array(length))).toBeUndefined();
    expect(route.match(places[1])).toBe(1);
  });

  it('renames a picture by its stamp or its name, drops some, and continues from a stored state', () => {
    const route = routeOf(places.slice(0, 4));
    route.add(places[0], 'door', 2n);
    route.rename('place 1', 'kitchen');
    expect(route.names).toEqual(['place 0', 'kitchen', 'door', 'place 3']);
    route.drop((name, stamp) => name === 'kitchen' || stamp === 3n);
    expect(route.names).toEqual(['place 0', 'door']);
    const again = new RouteMatcher(4, length);
    again.state = route.state;
    expect(again.state).toEqual(route.state);
    expect([again.match(places[2]), again.match(places[0])]).toEqual([1, 0]);
  });
});
