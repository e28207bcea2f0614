import { describe, expect, it } from 'vitest';
import { defaultWeights, paretoFront, recommend } from '../../src/profile/recommend.js';
import type { ProfilePoint } from '../../../src/timestep/controller/profile.js';

/** A point with this accuracy, latency [µs] and energy [µJ] of a decision. */
const measured = (accuracy: number, microseconds: number, microjoules: number): ProfilePoint => ({
  point: { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 },
  samples: 1000,
  accuracy,
  accuracyLow: accuracy - 0.01,
  accuracyHigh: accuracy + 0.01,
  recall: accuracy,
  energy: { train: 0, infer: microjoules * 1e-6 },
  latency: { train: 0, infer: microseconds * 1e-6 },
});
const points = [measured(0.9, 20, 0.2), measured(0.93, 40, 0.4), measured(0.92, 40, 0.5), measured(0.8, 10, 0.3)];

describe('recommend', () => {
  it('chooses the point with the best score of accuracy, relative latency and relative energy', () => {
    const { index, score, scores } = recommend(points, {}, defaultWeights);
    expect(index).toBe(1);
    expect(score).toBeCloseTo(0.93 - 0.01 * 1 - 0.01 * 0.8, 12);
    expect(scores[0]).toBeCloseTo(0.9 - 0.01 * 0.5 - 0.01 * 0.4, 12);
  });

  it('chooses other points for other weights', () => {
    expect(recommend(points, {}, { accuracy: 1, latency: 0, energy: 0.1 }).index).toBe(0);
    expect(recommend(points, {}, { accuracy: 1, latency: 1, energy: 0 }).index).toBe(3);
  });

  it('chooses a point when every measured latency is 0', () => {
    expect(recommend([measured(0.9, 0, 0.2), measured(0.95, 0, 0.2)], {}, defaultWeights).index).toBe(1);
  });

  it('chooses only points that meet the requirements', () => {
    const { index, scores } = recommend(points, { maxLatency: 30e-6, minAccuracy: 0.85 }, defaultWeights);
    expect(index).toBe(0);
    expect(scores.map((score) => score === null)).toEqual([false, true, true, true]);
    expect(recommend(points, { maxEnergy: 0.3e-6 }, { accuracy: 0, latency: 1, energy: 0 }).index).toBe(3);
  });

  it.each([
    [{ minAccuracy: 0.999 }, 'reaches an accuracy of 0.999: the best accuracy found is 0.93 (T 35, E 200, K 48, exits'],
    [
      { minAccuracy: 0.92, maxLatency: 2e-5 },
      'an accuracy of 0.92 with a latency of 0.00002 s: the best accuracy found at that cost is 0.9 (',
    ],
    [
      { maxEnergy: 1e-9 },
      'an energy of 1e-9 J: the fastest found is 0.8 (T 35, E 200, K 48, exits 0/0: 10.0 µs, 0.300 µJ), the thriftiest 0.9',
    ],
  ])('refuses requirements that no point meets, and names the best point found: %j', (requirements, sentence) => {
    expect(() => recommend(points, requirements, defaultWeights)).toThrow(sentence);
  });
});

describe('paretoFront', () => {
  it('returns the points that no other point dominates, the most accurate first', () => {
    expect(paretoFront(points)).toEqual([1, 0, 3]);
  });

  it('keeps equal points', () => {
    expect(paretoFront([points[0], points[0]])).toEqual([0, 1]);
  });
});
