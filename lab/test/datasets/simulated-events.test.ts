import { describe, expect, it } from 'vitest';
import { columnOf, polarityOf, rowOf } from '../../../src/sensing/events/event-batch.js';
import { SimulatedEventCamera } from '../../src/datasets/events/simulated-event-camera.js';

/** A bright bar in a picture of 12 × 10 pixels. */
const bar = Uint8Array.from({ length: 120 }, (_, k) => (k % 12 === 5 ? 250 : 0));
const camera = new SimulatedEventCamera(12, 10, 1);

describe('a simulated event camera', () => {
  it('sends events of three saccades in their order, on a sensor that is larger than the picture', () => {
    const { width, height, address, time } = camera.see(bar);
    expect([width, height]).toEqual([18, 16]);
    expect(time.length).toBeGreaterThan(100);
    expect(time.every((t, k) => Number.isInteger(t) && t >= 0 && t <= 300_000 && (k === 0 || t >= time[k - 1]))).toBe(
      true,
    );
    expect(address.every((each) => columnOf(each) < width && rowOf(each) < height)).toBe(true);
    // Most of a saccade happens in its middle.
    const middle = time.filter((t) => t % 100_000 > 25_000 && t % 100_000 < 75_000);
    expect(middle.length / time.length).toBeGreaterThan(0.6);
  });

  it('sends as many steps up as down, within one, where the picture has come back to', () => {
    const { address } = camera.see(bar);
    const level = new Map<number, number>();
    for (const each of address) {
      const pixel = each & 0x3fffffff;
      level.set(pixel, (level.get(pixel) ?? 0) + (polarityOf(each) === 1 ? 1 : -1));
    }
    expect(Math.max(...[...level.values()].map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it('reports a step of brightness as many times as the threshold fits into its logarithm', () => {
    // From black to 250 and back: ln(1 + 9 · 250 / 255) = 2.29 is five steps of 0.45 ± 4 %, or four where a pixel is dull.
    const { address } = camera.see(Uint8Array.from(bar, (grey) => (grey > 0 ? 250 : 0)));
    const counts = new Map<number, number>();
    for (const each of address) if (polarityOf(each) === 1) counts.set(each, (counts.get(each) ?? 0) + 1);
    // A pixel that the bar passes once a saccade at most: 3 times 5 steps.
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(15);
    expect(Math.max(...counts.values())).toBeGreaterThanOrEqual(8);
  });

  it('sends nothing of a black picture, the same again of the same, and something else with other pixels', () => {
    expect(camera.see(new Uint8Array(120)).time).toHaveLength(0);
    expect(camera.see(bar)).toEqual(new SimulatedEventCamera(12, 10, 1).see(bar));
    expect(camera.see(bar).time).not.toEqual(new SimulatedEventCamera(12, 10, 2).see(bar).time);
  });
});
