import { describe, expect, it } from 'vitest';
import { cutGroup } from '../../src/classifier/group-cut.js';

/** How often members fire together, from pairs and counts. */
function group(count: number, pairs: readonly (readonly [a: number, b: number, weight: number])[]) {
  const beside = Array.from({ length: count }, () => new Map<number, number>());
  for (const [a, b, weight] of pairs) {
    beside[a].set(b, weight);
    beside[b].set(a, weight);
  }
  return beside;
}

/** All pairs of some members. */
function clique(members: readonly number[], weight: number): [a: number, b: number, weight: number][] {
  return members.flatMap((a) => members.filter((b) => b > a).map((b): [number, number, number] => [a, b, weight]));
}

const even = [0, 2, 4, 6, 8];
const odd = [1, 3, 5, 7, 9];

describe('cutGroup', () => {
  it('keeps the side of the first member if two groups hardly overlap', () => {
    const beside = group(10, [...clique(even, 2), ...clique(odd, 2), [0, 1, 0.5]]);
    const own = cutGroup(beside);
    expect(own.flatMap((is, at) => (is ? [at] : []))).toEqual(even);
  });

  it('keeps members that no link joins to the others', () => {
    const own = cutGroup(group(10, [...clique(even, 1), ...clique(odd, 3)]));
    expect(own.flatMap((is, at) => (is ? [at] : []))).toEqual(even);
  });

  it('keeps a single group whole', () => {
    const ring = Array.from({ length: 10 }, (_, a): [number, number, number] => [a, (a + 1) % 10, 2]);
    expect(cutGroup(group(10, ring))).not.toContain(false);
    expect(cutGroup(group(10, clique([...even, ...odd], 1)))).not.toContain(false);
  });

  it('keeps few members, and a single unlinked one, with the others', () => {
    expect(cutGroup(group(5, [...clique([0, 1, 2], 2), ...clique([3, 4], 2)]))).not.toContain(false);
    expect(cutGroup(group(10, clique(even.concat(odd.slice(1)), 2)))).not.toContain(false);
    expect(cutGroup([])).toEqual([]);
  });
});
