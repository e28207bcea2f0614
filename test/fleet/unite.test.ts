import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/slices.js';
import { unite, type Placed } from '../../src/fleet/unite.js';

/** Directions in a plane, evenly spread. */
function spread(count: number): Placed[] {
  return Array.from({ length: count }, (_, k) => {
    const angle = ((Math.PI / 2) * ((k * 617) % count)) / count;
    return { direction: Float32Array.of(Math.cos(angle), Math.sin(angle)), worth: 1 };
  });
}

describe('unite', () => {
  it('fills the room where more neurons than one table holds are halved first', () => {
    const groups = atOnce(unite(spread(5000), 4500));
    expect(groups.length).toBeLessThanOrEqual(4500);
    expect(groups.length).toBeGreaterThan(4450);
    expect(groups.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 5000 }, (_, k) => k));
  });

  it('leaves neurons alone that all have room, even if one table cannot hold them', () => {
    expect(atOnce(unite(spread(5000), 6400)).length).toBe(5000);
  });

  it('unites neighbours', () => {
    const groups = atOnce(unite(spread(1000), 10));
    expect(groups.length).toBe(10);
    for (const members of groups) {
      const places = members.map((k) => (k * 617) % 1000);
      expect(Math.max(...places) - Math.min(...places)).toBe(members.length - 1);
    }
  });
});
