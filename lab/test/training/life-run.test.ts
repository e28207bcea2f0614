import { describe, expect, it } from 'vitest';
import type { LifeOptions, LifeStage } from '../../src/training/life-options.js';
import { lifeRun } from '../../src/training/life-run.js';
import { classesLife, driftLife, pointsLife, scheduleLife, steadyLife } from '../../src/training/lives.js';
import { bars } from './bars.js';

const dataset = bars(300, 100);
const point = { timesteps: 35, events: 200, keep: 10, exitFirst: 0, exit: 0 };
const options: Omit<LifeOptions, 'stages'> = { neurons: 20, image: 'plain', labels: 1, seed: 1 };
const nothing = (): void => undefined;
const live = (stages: readonly LifeStage[], change: Partial<LifeOptions> = {}) =>
  lifeRun(dataset, { ...options, ...change, stages }, nothing);

/** All results except times. */
const figures = (stages: readonly LifeStage[], seed = 1): unknown =>
  JSON.parse(
    JSON.stringify(live(stages, { seed }), (key, value: unknown) => (key === 'microsecondsPerSample' ? 0 : value)),
  );

describe('lifeRun', () => {
  it('keeps the weights from stage to stage, and tests after each stage', () => {
    const { stages } = live(steadyLife(point, [300, 1500]));
    expect(stages.map(({ samples }) => samples)).toEqual([300, 1200]);
    expect(stages[1].prequential).toHaveLength(1);
    expect(stages[1].tests[0].accuracy).toBeGreaterThan(0.95);
    expect(stages[1].tests[0]).toMatchObject({ samples: 100, point, steps: 35, withoutSteps: 0 });
    expect(stages[1].operations.labelUpdates).toBeGreaterThan(0);
    expect(stages[1].tests[0].operations.plasticityUpdates).toBe(0);
  });

  it('learns the same weights however the samples are divided into stages', () => {
    const hash = (checks: readonly number[]): string => live(steadyLife(point, checks), { labels: 0.5 }).weightsHash;
    expect(hash([300, 1500])).toBe(hash([1500]));
  });

  it('gives the same results for the same seed, and different ones for another seed', () => {
    const stages = steadyLife(point, [500]);
    expect(figures(stages)).toEqual(figures(stages));
    expect(figures(stages, 2)).not.toEqual(figures(stages));
  });

  it('reports after how many samples 80 % of a thousand were correct', () => {
    const [stage] = live([{ samples: 2000, point }]).stages;
    expect(stage.reached).toBeGreaterThanOrEqual(1000);
    expect(live([{ samples: 2000, point }], { labels: 0 }).stages[0]).not.toHaveProperty('reached');
  });

  it('shows only the classes of a stage, but tests on all classes', () => {
    const { stages } = live([{ samples: 200, point, classes: [0, 1], tests: [point] }]);
    expect(stages[0].first).toBeGreaterThan(0.9);
    // Only one of the two classes was learned.
    expect(stages[0].tests[0].accuracy).toBeCloseTo([...dataset.test.labels].filter((c) => c === 0).length / 100, 12);
  });

  it('loses accuracy when the world changes, and recovers', () => {
    const [before, after] = live(driftLife(point, 'permute')).stages;
    expect(before.last).toBeGreaterThan(0.95);
    expect(after.first).toBeLessThan(before.last);
    expect(after.recovered).toBeGreaterThanOrEqual(500);
    expect(after.last).toBeGreaterThan(0.95);
    expect(before).not.toHaveProperty('recovered');
    expect(before.alarms).toBe(0);
  });

  it('tests with the world as it is at that stage', () => {
    const [stage] = live([{ samples: 500, point, change: 'shift', tests: [point] }]).stages;
    const blind = live([
      { samples: 500, point, change: 'shift' },
      { samples: 1, point, tests: [point] },
    ]).stages[1];
    expect(stage.tests[0].accuracy).toBeGreaterThan(blind.tests[0].accuracy);
  });

  it('decides at several points with one network, and counts the savings of early exits', () => {
    const exits = { ...point, exitFirst: 1, exit: 1 };
    const [{ tests }] = live(pointsLife(point, [point, { ...point, timesteps: 350 }, exits])).stages;
    expect(tests.map(({ steps }) => steps).slice(0, 2)).toEqual([35, 350]);
    expect(tests[2].steps).toBeLessThan(35);
    expect(tests[2].withoutSteps).toBeGreaterThan(0);
    expect(tests[2].energyPerSample).toBeLessThan(tests[0].energyPerSample);
  });

  it('continues with spikes in time at another T', () => {
    const timed = { policy: 'rate', rule: 'pair', encoding: 'regular' } as const;
    const { stages } = live(
      [
        { samples: 1000, point: { ...point, timesteps: 50 } },
        { samples: 1000, point: { ...point, timesteps: 16 }, tests: [{ ...point, timesteps: 35 }] },
      ],
      { timed, image: 'contrast' },
    );
    expect(stages[1].operations.neuronUpdates).toBe(20 * 16);
    expect(stages[1].tests[0].steps).toBe(35);
    expect(stages[1].tests[0].accuracy).toBeGreaterThan(0.9);
  });

  it('reports progress for every sample', () => {
    let done = 0;
    lifeRun(dataset, { ...options, stages: steadyLife(point, [300, 1500]) }, (samples) => {
      done += samples;
    });
    expect(done).toBe(1500 + 2 * 100);
  });
});

describe('the lives of docs/lean.md', () => {
  it('show two classes at a time, and a last odd one alone', () => {
    const stages = classesLife(point, 5);
    expect(stages.map(({ classes }) => classes)).toEqual([
      [0, 2],
      [2, 4],
      [4, 6],
    ]);
    expect(stages.map(({ tests }) => tests?.length)).toEqual([0, 0, 1]);
  });

  it('switch T and are tested at the given point', () => {
    const stages = scheduleLife(point, [350, 16]);
    expect(stages.map((stage) => stage.point.timesteps)).toEqual([350, 16]);
    expect(stages[1].tests).toEqual([point]);
  });
});
