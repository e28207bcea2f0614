import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventShares } from '../../src/sensing/event-shares.js';
import { expectProportional } from './proportional.js';

const sum = (values: Uint8Array): number => values.reduce((a, b) => a + b, 0);
const shared = (weights: readonly number[], ...parts: (readonly number[])[]): Uint8Array[] => {
  const scaled = parts.map((part) => Uint8Array.from(part));
  new EventShares(weights).apply(scaled);
  return scaled;
};

describe('shares of events', () => {
  it('follow the weights, however loud a sensor is', () => {
    expect(shared([1, 1], [10, 0, 10], [200, 200, 200, 200]).map(sum)).toEqual([510, 510]);
    expect(shared([3, 1], [10, 0, 10], [200, 200, 200, 200]).map(sum)).toEqual([510, 170]);
  });

  it('leave the loudest possible input as it is', () => {
    const [quiet, loud] = shared([1, 1], [10, 0, 10], [200, 200, 200, 200]);
    expect([...quiet]).toEqual([255, 0, 255]);
    expect([...loud]).toEqual([127, 128, 128, 127]);
  });

  it('count faint inputs together', () => {
    const [, many] = shared([1, 1], [255], Array<number>(1000).fill(3));
    expect(sum(many)).toBe(255);
    expect(Math.max(...many)).toBe(1);
  });

  it('go to the others when a sensor is silent', () => {
    expect(shared([1, 5, 1], [1, 1], [0, 0], [9]).map(sum)).toEqual([255, 0, 255]);
    expect(shared([1, 1], [0], [0])).toEqual([Uint8Array.of(0), Uint8Array.of(0)]);
  });

  it('keep the proportions within a sensor, and are the same for any sensors', () => {
    const part = fc.uint8Array({ minLength: 1, maxLength: 60 });
    const sensor = fc.record({ part, weight: fc.double({ min: 0.01, max: 100, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(sensor, { minLength: 1, maxLength: 5 }), (sensors) => {
        const weights = sensors.map(({ weight }) => weight);
        const scaled = shared(weights, ...sensors.map(({ part: own }) => [...own]));
        const speaking = [...sensors.keys()].filter((k) => sum(sensors[k].part) > 0);
        const unit = Math.max(...speaking.map((k) => sum(scaled[k]) / weights[k]));
        for (const k of speaking) {
          expect(Math.abs(sum(scaled[k]) - unit * weights[k])).toBeLessThanOrEqual(
            0.5 + weights[k] / Math.min(...weights),
          );
          if (sum(scaled[k]) > 0) expectProportional(scaled[k], sensors[k].part);
        }
        if (speaking.length > 0) expect(Math.max(...speaking.map((k) => Math.max(...scaled[k])))).toBe(255);
      }),
    );
  });
});
