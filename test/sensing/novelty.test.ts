import { describe, expect, it } from 'vitest';
import { Novelty } from '../../src/sensing/novelty.js';

function shown(novelty: Novelty, ...sketch: number[]): boolean {
  novelty.now.set(sketch);
  return novelty.alike;
}

describe('Novelty', () => {
  it('treats the first message as new', () => {
    expect(shown(new Novelty(0.5, 2), 1, 2)).toBe(false);
  });

  it('treats a message as similar when its largest change is below the limit, 5 % of 255 being 12.75', () => {
    const novelty = new Novelty(0.05, 3);
    shown(novelty, 100, 100, 100);
    novelty.keep();
    expect(shown(novelty, 112, 88, 100)).toBe(true);
    expect(shown(novelty, 100, 100, 113)).toBe(false);
  });

  it('compares with the last decided message, so that a slow change is noticed', () => {
    const novelty = new Novelty(0.05, 1);
    shown(novelty, 100);
    novelty.keep();
    expect([106, 112, 118].map((each) => shown(novelty, each))).toEqual([true, true, false]);
  });

  it('restores a sketch only of its own length', () => {
    const novelty = new Novelty(0.05, 2);
    novelty.last = Uint8Array.of(1, 2, 3);
    expect(novelty.last).toBeUndefined();
    novelty.last = Uint8Array.of(7, 8);
    expect(shown(novelty, 7, 9)).toBe(true);
  });
});
