import { describe, expect, it } from 'vitest';
import { columnOf, polarityOf, rowOf } from '../../../src/sensing/events/event-batch.js';
import { SimulatedEventCamera } from '../../src/datasets/events/simulated-event-camera.js';

/** A bright bar in a picture of 12 × 10 pixels. */
const bar = Uint8Array.from({ length: 120 }, (_, k) => (k % 12 === 5 ? 250 : 0));
const camera = new SimulatedEventCamera(12, 10, 1);

describe('SimulatedEventCamera', () => {
  it('returns the events of three saccades in order, on a sensor larger than the picture', () => {
    const { width, height, address, time } = camera.see(bar);
    expect([width, height]).toEqual([18, 16]);
    expect(time.length).toBeGreaterThan(100);
    expect(time.every((t, k) => Number.isInteger(t) && t >= 0 && t <= 300_000 && (k === 0 || t >= time[k - 1]))).toBe(
      true,
    );
    expect(address.every((each) => columnOf(each) < width && rowOf(each) < height)).toBe(true);
    // Most events of a saccade are in its middle half.
    const middle = time.filter((t) => t % 100_000 > 25_000 && t % 100_000 < 75_000);
    expect(middle.length / time.length).toBeGreaterThan(0.6);
  });

  it('returns as many steps up as down, within one, at every pixel', () => {
    const { address } = camera.see(bar);
    const level = new Map<number, number>();
    for (const each of address) {
      const pixel = each & 0x3fffffff;
      level.set(pixel, (level.get(pixel) ?? 0) + (polarityOf(each) === 1 ? 1 : -1));
    }
    expect(Math.max(...[...level.values()].map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it('returns one event for each threshold in the log of a brightness step', () => {
    // From black to 250: ln(1 + 9 · 250 / 255) = 2.29 is five steps of 0.45 ± 4 %, or four at a less sensitive pixel.
    const { address } = camera.see(Uint8Array.from(bar, (grey) => (grey > 0 ? 250 : 0)));
    const counts = new Map<number, number>();
    for (const each of address) if (polarityOf(each) === 1) counts.set(each, (counts.get(each) ?? 0) + 1);
    // The bar passes a pixel at most once in a saccade: 3 times 5 steps.
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(15);
    expect(Math.max(...counts.values())).toBeGreaterThanOrEqual(8);
  });

  it('returns no events for black, equal events for equal pictures, and others for another seed', () => {
    expect(camera.see(new Uint8Array(120)).time).toHaveLength(0);
    expect(camera.see(bar)).toEqual(new SimulatedEventCamera(12, 10, 1).see(bar));
    expect(camera.see(bar).time).not.toEqual(new SimulatedEventCamera(12, 10, 2).see(bar).time);
  });
});
