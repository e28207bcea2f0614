import { describe, expect, it } from 'vitest';
import { dayBench, daySamples } from '../../../src/cli/bench/day/day-bench.js';
import { dayChart } from '../../../src/cli/bench/day/day-chart.js';
import { shortDay } from '../../../src/cli/bench/day/day-plan.js';
import { LabelPost } from '../../../src/cli/bench/day/label-post.js';
import { loadDataset } from '../../../src/data/dataset.js';
import { modeNames } from '../../../src/timestep/modes.js';

describe('a short day', () => {
  const cost = { cpu: 0.67e-3, watts: 5 };
  const options = { plan: shortDay, target: 0.85, cost, neurons: 400, learned: 4000, measured: 1000, seed: 1 };
  let done = 0;
  const result = dayBench(loadDataset('mnist'), options, (samples) => {
    done += samples;
  });
  const { controller, others } = result;

  it('goes through every mode, and spends far less than the unscaled network', () => {
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

  it('is drawn', async () => {
    const svg = await dayChart(result, shortDay);
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain('a class changes');
  });
});

describe('the post of labels', () => {
  it('brings them late, out of order, some twice, none in a silence', () => {
    const post = new LabelPost({ ...shortDay, labels: 1 }, 1);
    const [[silence]] = shortDay.silences;
    for (let k = 0; k < 1000; k++) post.shown(BigInt(k), 'a', shortDay.start + k);
    post.shown(5000n, 'a', silence);
    const arrived = post.arrived(Infinity).map(({ stamp }) => Number(stamp));
    // A silence of 300 s lies in these 1000 s.
    expect(arrived.length).toBeGreaterThan(700);
    expect(arrived.length).toBeLessThan(800);
    expect(arrived).not.toContain(5000);
    expect(arrived).not.toEqual([...arrived].sort((a, b) => a - b));
    expect(new Set(arrived).size).toBeLessThan(arrived.length);
    expect(post.arrived(Infinity)).toEqual([]);
  });
});
