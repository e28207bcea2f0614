import { describe, expect, it } from 'vitest';
import { dayBench, daySamples } from '../../src/bench/day/day-bench.js';
import { dayChart } from '../../src/bench/day/day-chart.js';
import { shortDay, type DayLabels } from '../../src/bench/day/day-plan.js';
import { dayText } from '../../src/bench/day/day-text.js';
import { LabelPost } from '../../src/bench/day/label-post.js';
import { verdictOf } from '../../src/bench/day/verdict.js';
import { loadDataset } from '../../src/datasets/dataset.js';
import { modeNames } from '../../../src/timestep/controller/modes.js';

describe('dayBench of a short day', () => {
  const cost = { cpu: 0.67e-3, watts: 5 };
  const options = {
    plan: shortDay,
    target: 0.85,
    cost,
    neurons: 400,
    learned: 4000,
    measured: 1000,
    seed: 1,
    mission: true,
    deadline: 0.015,
  };
  let done = 0;
  const result = dayBench(loadDataset('mnist'), options, (samples) => {
    done += samples;
  });
  const { controller, others } = result;

  it('uses every mode, and spends far less than the unscaled network', () => {
    expect(done).toBe(daySamples(options));
    expect(controller.hours).toHaveLength(12);
    for (const mode of modeNames) expect(controller.modeSeconds[mode]).toBeGreaterThan(0);
    expect(result.energyRatioFull).toBeGreaterThan(50);
    expect(result.pathRatioDefault).toBeGreaterThan(1.2);
    expect(controller.switches).toBeLessThan(60);
  });

  it('spends no more on the network than the battery’s thresholds alone', () => {
    const [everyFrame, cheapest, thresholds] = others;
    expect(controller.networkEnergy).toBeLessThanOrEqual(thresholds.networkEnergy);
    expect(controller.decisions).toBe(thresholds.decisions);
    expect(everyFrame.decisions).toBe(result.frames);
    expect(cheapest.networkEnergy).toBeLessThan(everyFrame.networkEnergy);
  });

  it('reports for every hour the accuracy of every point that the caps allow', () => {
    const met = controller.hours.map(({ accuracy, points }) => {
      const used = points.some((each) => Math.abs(each.accuracy - accuracy) < 0.02);
      expect(used).toBe(true);
      expect(points).toHaveLength(result.profile.points.length);
      return accuracy >= result.target;
    });
    expect(result.verdicts.map((verdict) => verdict === 'met')).toEqual(met);
    expect(result.hoursMissed).toBeLessThanOrEqual(result.hoursBelowTarget);
    expect(others.flatMap(({ hours }) => hours.flatMap(({ points }) => points))).toEqual([]);
  });

  it('ends a mission with the planned charge, unlike a run without a mission', () => {
    const [planned, without, always] = result.mission;
    expect(planned.charge).toBeGreaterThan(0.19);
    expect(planned.charge).toBeLessThan(0.25);
    expect(without.charge).toBeLessThan(0.17);
    expect(planned.pathEnergy).toBeLessThan(without.pathEnergy);
    expect(planned.flat).toBeNull();
    expect(always.flat).toBeLessThan(shortDay.end);
    expect(always.charge).toBe(0);
  });

  it('misses no deadline that some point meets', () => {
    const [pressed, without, thresholds] = result.deadline;
    expect([pressed.late, pressed.avoidable]).toEqual([0, 0]);
    expect(without.avoidable).toBeGreaterThan(0);
    expect(thresholds.avoidable).toBeGreaterThan(0);
  });

  it('is described by dayText', () => {
    const text = dayText(result);
    expect(text).toContain('with the mission');
    expect(text).toContain('with the deadline');
    expect(text).not.toMatch(/NaN|undefined/);
  });

  it('is drawn by dayChart', async () => {
    const svg = await dayChart(result, shortDay);
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain('a class changes');
  });
});

describe('verdictOf', () => {
  const at = (accuracy: number, gained: number, lost: number) => [
    { point: { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 }, accuracy, gained, lost },
  ];

  it.each([
    [0.9, 0.95, 50, 0, 'met'],
    [0.89, 0.899, 9, 0, 'could not'],
    [0.89, 0.9, 24, 6, 'missed'],
    [0.899, 0.901, 10, 8, 'by chance'],
  ])(
    'judges an accuracy of %d, with a point of %d that gains %d and loses %d: %s',
    (right, point, gained, lost, verdict) => {
      expect(verdictOf(right, 0.9, at(point, gained, lost))).toBe(verdict);
    },
  );

  it('returns "could not" without points', () => {
    expect(verdictOf(0.8, 0.9, [])).toBe('could not');
  });
});

describe('LabelPost', () => {
  it('delivers labels late, out of order, some twice, and none for a silence', () => {
    const post = new LabelPost({ ...shortDay, labels: 1 }, 1);
    const [[silence]] = shortDay.silences;
    for (let k = 0; k < 1000; k++) post.shown(BigInt(k), 'a', shortDay.start + k, true, undefined);
    post.shown(5000n, 'a', silence, true, undefined);
    const arrived = post.arrived(Infinity).map(({ stamp }) => Number(stamp));
    // These 1000 s contain a silence of 300 s.
    expect(arrived.length).toBeGreaterThan(700);
    expect(arrived.length).toBeLessThan(800);
    expect(arrived).not.toContain(5000);
    expect(arrived).not.toEqual([...arrived].sort((a, b) => a - b));
    expect(new Set(arrived).size).toBeLessThan(arrived.length);
    expect(post.arrived(Infinity)).toEqual([]);
  });

  it('delivers random labels, corrections, half of each, or answers to questions', () => {
    const kinds = (labelling: DayLabels): Set<string> => {
      const post = new LabelPost({ ...shortDay, labels: 0.2, labelling, silences: [] }, 1);
      const question = {
        kind: 'question',
        stamp: 0n,
        frameId: '',
        candidates: [],
        why: 'unsure',
        timeLeft: NaN,
      } as const;
      for (let k = 0; k < 1000; k++) {
        post.shown(BigInt(k), 'a', k, k % 2 === 0, k % 10 === 0 ? { ...question, answer: 'answer' } : undefined);
      }
      return new Set(post.arrived(Infinity).map(({ kind }) => kind));
    };
    expect(kinds('random')).toEqual(new Set(['random']));
    expect(kinds('corrections')).toEqual(new Set(['correction']));
    expect(kinds('half')).toEqual(new Set(['random', 'correction']));
    expect(kinds('asked')).toEqual(new Set(['answer']));
  });
});
