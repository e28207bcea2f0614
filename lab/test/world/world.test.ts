import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { cellSize, generateBuilding, placeAt, placeTypes } from '../../src/world/building.js';
import { castAtCircle, castRay } from '../../src/world/ray-cast.js';
import { route } from '../../src/world/route.js';
import { World } from '../../src/world/world.js';

const seeds = [1, 2, 3, 4, 5];

describe.each(seeds)('building %i', (seed) => {
  const building = generateBuilding(new Random(seed));
  const { columns, rows, occupied, spots } = building;

  it('has walls on all sides', () => {
    for (let column = 0; column < columns; column++) {
      expect(occupied[column] & occupied[(rows - 1) * columns + column]).toBe(1);
    }
    for (let row = 0; row < rows; row++) expect(occupied[row * columns] & occupied[(row + 1) * columns - 1]).toBe(1);
  });

  it('has every kind of place, and a route from the first spot to every other', () => {
    expect(new Set(spots.map(({ place }) => place))).toEqual(new Set(placeTypes));
    for (const { x, y, place } of spots) {
      // A room's spot just behind its door may be on the edge of the doorway.
      if (place !== 'room') expect([place, 'doorway', 'junction']).toContain(placeAt(building, x, y));
    }
    for (let to = 1; to < spots.length; to++) expect(route(spots, 0, to).at(-1), `spot ${to}`).toBe(to);
  });

  it('has no obstacle on the lines between neighbouring spots', () => {
    for (const from of spots) {
      for (const to of from.next.map((index) => spots[index])) {
        const length = Math.hypot(to.x - from.x, to.y - from.y);
        const angle = Math.atan2(to.y - from.y, to.x - from.x);
        expect(castRay(building, from.x, from.y, angle, length)).toBe(Infinity);
      }
    }
  });
});

describe('castRay and castAtCircle', () => {
  it('end a ray at the first occupied cell, as small steps do', () => {
    const building = generateBuilding(new Random(7));
    const random = new Random(8);
    const step = cellSize / 200;
    for (let k = 0; k < 200; k++) {
      const { x, y } = building.spots[random.below(building.spots.length)];
      const angle = 2 * Math.PI * random.uniform();
      const isFree = (distance: number): boolean => {
        const column = Math.floor((x + distance * Math.cos(angle)) / cellSize);
        const row = Math.floor((y + distance * Math.sin(angle)) / cellSize);
        return building.occupied[row * building.columns + column] === 0;
      };
      let walked = 0;
      while (isFree(walked)) walked += step;
      expect(Math.abs(castRay(building, x, y, angle, 100) - walked)).toBeLessThan(2 * step);
      expect(castRay(building, x, y, angle, walked / 2)).toBe(Infinity);
    }
  });

  it('follow a ray along grid lines', () => {
    const building = generateBuilding(new Random(7));
    const { x, y } = building.spots[0];
    for (const angle of [0, Math.PI / 2, Math.PI, -Math.PI / 2]) {
      const distance = castRay(building, Math.round(x), Math.round(y), angle, 100);
      expect(distance).toBeGreaterThanOrEqual(0);
      expect(distance).toBeLessThan(100);
    }
  });

  it('return the distance to a circle', () => {
    const from = { x: 1, y: 2 };
    expect(castAtCircle(from, 0, { x: 4, y: 2, radius: 0.5 })).toBeCloseTo(2.5, 12);
    expect(castAtCircle(from, Math.PI, { x: 4, y: 2, radius: 0.5 })).toBe(Infinity);
    expect(castAtCircle(from, 0, { x: 4, y: 3, radius: 0.5 })).toBe(Infinity);
    expect(castAtCircle(from, Math.PI / 4, { x: 2, y: 3, radius: 0.1 })).toBeCloseTo(Math.SQRT2 - 0.1, 12);
  });
});

describe('World', () => {
  it('runs the same for the same seed, and differently for another seed', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => new World({ seed }));
    for (let k = 0; k < 200; k++) for (const world of [a, b, c]) world.step(0.1);
    expect(a.scan()).toEqual(b.scan());
    expect(a.scan().ranges).not.toEqual(c.scan().ranges);
  });

  it.each(seeds)(
    'keeps the robot a tenth of the time at every kind of place, and never in a wall (seed %i)',
    (seed) => {
      const world = new World({ seed });
      const { columns, occupied } = world.building;
      const visits = new Map<string, number>();
      const samples = 12_000;
      let inWalls = 0;
      for (let k = 0; k < samples; k++) {
        world.step(0.1);
        const { x, y } = world.robot;
        inWalls += occupied[Math.floor(y / cellSize) * columns + Math.floor(x / cellSize)];
        visits.set(world.place, (visits.get(world.place) ?? 0) + 1);
      }
      expect(inWalls).toBe(0);
      for (const place of placeTypes) expect(visits.get(place), place).toBeGreaterThanOrEqual(samples / 10);
    },
  );

  it('shows people to the laser', () => {
    const crowded = new World({ seed: 3, people: 300 });
    const empty = new World({ seed: 3, people: 0 });
    const nearer = crowded.scan().ranges.filter((range, k) => range < empty.scan().ranges[k] - 0.3);
    expect(nearer.length).toBeGreaterThan(10);
  });
});
