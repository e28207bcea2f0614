import { describe, expect, it } from 'vitest';
import { PlaceFilter } from '../../src/agent/place.js';
import type { PlaceEvent } from '../../src/agent/events.js';
import { Random } from '../../src/base/random.js';

const second = 1_000_000_000n;

/** A filter that hears an answer every tenth of a second. */
class Walk {
  readonly filter: PlaceFilter;
  readonly events: PlaceEvent[] = [];
  stamp = 1_764_000_000n * second;

  constructor(dwell = 1) {
    this.filter = new PlaceFilter(dwell);
  }

  hear(label: string, times = 1, confidence = 0.9, period = 0.1): void {
    for (let k = 0; k < times; k++) {
      this.stamp += BigInt(Math.round(period * 1e9));
      this.note(this.filter.hear({ stamp: this.stamp, frameId: 'laser', label, confidence }));
    }
  }

  note(place: PlaceEvent | undefined): void {
    if (place !== undefined) this.events.push(place);
  }

  get labels(): string[] {
    return this.events.map(({ label }) => label);
  }
}

describe('PlaceFilter', () => {
  it('is unknown at first, and known once answers have agreed for the dwell', () => {
    const walk = new Walk();
    expect(walk.filter.now).toMatchObject({ label: '', since: 0n });
    const first = walk.stamp + second / 10n;
    walk.hear('kitchen', 10);
    expect(walk.events).toEqual([]);
    walk.hear('kitchen', 20);
    expect(walk.events).toHaveLength(1);
    expect(walk.events[0]).toMatchObject({ label: 'kitchen', frameId: 'laser', since: first, stamp: first + second });
    expect(walk.events[0].confidence).toBeCloseTo(0.9, 9);
  });

  it('holds while single answers flicker, and changes although some do', () => {
    const walk = new Walk();
    walk.hear('kitchen', 12);
    for (let k = 0; k < 10; k++) {
      walk.hear('hall', 3);
      walk.hear('kitchen', 7);
    }
    expect(walk.labels).toEqual(['kitchen']);
    for (let k = 0; k < 5; k++) {
      walk.hear('hall', 4);
      walk.hear(k % 2 === 0 ? 'bath' : 'kitchen');
    }
    expect(walk.labels).toEqual(['kitchen', 'hall']);
    // A deviating answer counts 0.
    expect(walk.events[1].confidence).toBeLessThan(0.9);
    expect(walk.events[1].confidence).toBeGreaterThan(0.6);
  });

  it('becomes unknown when answers are unknown for the dwell', () => {
    const walk = new Walk();
    walk.hear('kitchen', 12);
    walk.hear('', 12, 0.2);
    expect(walk.labels).toEqual(['kitchen', '']);
  });

  it('accepts the first answer with a dwell of 0; otherwise no single one after a pause', () => {
    const quick = new Walk(0);
    quick.hear('hall');
    expect(quick.labels).toEqual(['hall']);
    const walk = new Walk(1);
    walk.hear('kitchen', 12);
    walk.hear('hall', 1, 0.9, 3600);
    expect(walk.labels).toEqual(['kitchen']);
    walk.hear('hall', 1, 0.9, 3600);
    expect(walk.labels).toEqual(['kitchen', 'hall']);
  });

  it('is right for nearly all of a drive of which a tenth is answered wrong', () => {
    const random = new Random(7);
    const walk = new Walk();
    const rooms = ['a', 'b', 'c', 'd'];
    let right = 0;
    for (let k = 0; k < 4000; k++) {
      const truth = rooms[Math.floor(k / 200) % 4];
      walk.hear(random.uniform() < 0.1 ? rooms[Math.floor(4 * random.uniform())] : truth);
      if (walk.filter.now.label === truth) right++;
    }
    expect(right / 4000).toBeGreaterThan(0.92);
    expect(walk.labels).toEqual(Array.from({ length: 20 }, (_, k) => rooms[k % 4]));
  });

  it('follows its class when that is renamed, and is unknown when that is forgotten', () => {
    const walk = new Walk();
    walk.hear('kitchen', 12);
    walk.note(walk.filter.edit({ name: 'hall', newName: 'corridor' }));
    walk.note(walk.filter.edit({ name: 'kitchen', newName: 'cuisine' }));
    walk.hear('hall', 5);
    // The place that it was about to become is merged too.
    walk.note(walk.filter.edit({ name: 'hall', newName: 'cuisine' }));
    walk.hear('cuisine', 30);
    walk.note(walk.filter.edit({ name: 'cuisine', newName: '' }));
    walk.note(walk.filter.reset());
    expect(walk.labels).toEqual(['kitchen', 'cuisine', '']);
    expect(walk.events.at(-1)?.confidence).toBe(0);
  });
});
