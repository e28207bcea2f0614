import { describe, expect, it } from 'vitest';
import { AccuracyMonitor } from '../../src/accuracy/accuracy-monitor.js';
import { Random } from '../../src/base/random.js';

const settings = { window: 1000, fading: 0.995, measure: 'accuracy' } as const;
const memory = 256;

describe('AccuracyMonitor', () => {
  it('compares a label with the expectation at the time of its answer, also late and out of order', () => {
    const [prompt, late] = [new AccuracyMonitor(settings, memory), new AccuracyMonitor(settings, memory)];
    const facts = (sample: number) => ({
      sample,
      confidence: 0.5,
      expected: sample % 2 ? 0.95 : 0.5,
      point: sample % 2,
    });
    for (let sample = 0; sample < 200; sample++) {
      prompt.answered(facts(sample));
      late.answered(facts(sample));
    }
    for (let sample = 0; sample < 200; sample++) prompt.labelled(sample, sample % 2 === 1, 'a');
    for (let sample = 199; sample >= 0; sample--) late.labelled(sample, sample % 2 === 1, 'a');
    expect(late.estimate().accuracy).toBe(prompt.estimate().accuracy);
    expect(late.observed().correction).toBeCloseTo(prompt.observed().correction, 2);
    expect(prompt.observed().correction).toBeLessThan(-0.15);
  });

  it('counts a label whose sample was answered before a restart, but does not correct by it', () => {
    const monitor = new AccuracyMonitor(settings, memory);
    monitor.labelled(17, false, 'a');
    expect(monitor.estimate()).toMatchObject({ samples: 1, accuracy: 0 });
    expect(monitor.observed()).toEqual({ correction: 0, deviation: 0.1, warning: 0, drift: false });
  });

  it('does not confuse two samples that used the same slot of its buffer', () => {
    const monitor = new AccuracyMonitor(settings, 4);
    monitor.answered({ sample: 5, confidence: 1, expected: 0.9, point: 0 });
    monitor.labelled(1, false, 'a');
    expect(monitor.observed().correction).toBe(0);
  });

  /** Answers that are all labelled. */
  function run(monitor: AccuracyMonitor, random: Random, from: number, count: number, share: number): number {
    for (let sample = from; sample < from + count; sample++) {
      monitor.answered({ sample, confidence: 0.5, expected: 0.93, point: 0 });
      monitor.labelled(sample, random.uniform() < share, 'a');
      if (monitor.observed().drift) return sample - from;
    }
    return -1;
  }

  it.each([
    [300, 40],
    [40, 300],
    [100, 70],
  ])('restores the state of a monitor of %i samples into one of %i', (wrote, reads) => {
    const writer = new AccuracyMonitor(settings, wrote);
    for (let sample = 0; sample < 1000; sample++) {
      writer.answered({ sample, confidence: 0.5, expected: sample / 1000, point: 0 });
    }
    const reader = new AccuracyMonitor(settings, reads);
    reader.state = writer.state;
    const answers = Array.from({ length: 1000 }, (_, sample) => [sample, 0.5, sample / 1000, 0]);
    const { answers: kept } = reader.state;
    const rows = Array.from({ length: kept.length / 4 }, (_, at) => kept.slice(4 * at, 4 * at + 4));
    rows.sort(([a], [b]) => a - b);
    expect(rows).toEqual(answers.slice(-Math.min(wrote, reads)));
  });

  it('reports drift for a while, and corrects by the labels that came after it', () => {
    const [monitor, random] = [new AccuracyMonitor(settings, memory), new Random(1)];
    expect(run(monitor, random, 0, 2000, 0.93)).toBe(-1);
    const found = run(monitor, random, 2000, 400, 0.7);
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(120);
    expect(monitor.observed().correction).toBeLessThan(-0.03);
    for (let sample = 3000; sample < 3800; sample++) {
      monitor.answered({ sample, confidence: 0.5, expected: 0.93, point: 0 });
      monitor.labelled(sample, sample % 10 < 7, 'a');
    }
    expect(monitor.observed().drift).toBe(false);
    expect(monitor.observed().correction).toBeCloseTo(-0.23, 1);
  });

  it('widens its bounds for a hundred labels after an alarm of the learning, also after a restart', () => {
    const [monitor, random] = [new AccuracyMonitor(settings, memory), new Random(1)];
    const label = (sample: number, alarm: boolean): void => {
      monitor.answered({ sample, confidence: 0.5, expected: 0.93, point: 0 });
      monitor.labelled(sample, random.uniform() < 0.93, 'a', alarm);
    };
    for (let sample = 0; sample < 2000; sample++) label(sample, false);
    expect(monitor.estimate().reason).not.toContain('changed');
    label(2000, true);
    expect(monitor.estimate().reason).toContain('the world seems to have changed');
    const again = new AccuracyMonitor(settings, memory);
    again.state = monitor.state;
    expect(again.estimate()).toEqual(monitor.estimate());
    for (let sample = 2001; sample < 2101; sample++) label(sample, false);
    expect(monitor.estimate().reason).not.toContain('changed');
    // Written before there were signs of change, and the latest labels beside the others.
    const { faded, drift, ...rest } = monitor.state;
    again.state = { ...rest, faded: faded.slice(0, 2), drift: drift.slice(0, 3) };
    expect(again.estimate().faded).toBe(monitor.estimate().faded);
    expect(again.estimate().low).toBeCloseTo(monitor.estimate().low, 9);
  });

  it('keeps the observed level when a new profile expects more, also for answers that wait for labels', () => {
    const monitor = new AccuracyMonitor(settings, memory);
    const random = new Random(3);
    const level = (expected: number): number => expected + monitor.observed().correction;
    const hear = (from: number, expected: number, lag: number): void => {
      for (let sample = from; sample < from + 600; sample++) {
        monitor.answered({ sample, confidence: 0.5, expected, point: 0 });
        if (sample >= lag) monitor.labelled(sample - lag, random.uniform() < 0.85, 'a');
      }
    };
    hear(0, 0.9, 50);
    const before = level(0.9);
    monitor.expectMore(0.08);
    expect(level(0.98)).toBeCloseTo(before, 2);
    hear(600, 0.98, 50);
    expect(level(0.98)).toBeCloseTo(0.85, 1);
    expect(monitor.observed().drift).toBe(false);
  });

  it('raises no alarm when answers become better', () => {
    const [monitor, random] = [new AccuracyMonitor(settings, memory), new Random(2)];
    expect(run(monitor, random, 0, 1000, 0.5)).toBe(-1);
    expect(run(monitor, random, 1000, 1000, 0.95)).toBe(-1);
    expect(monitor.observed().correction).toBeGreaterThan(-0.05);
  });

  it('corrects mean recall by the rare classes too', () => {
    const uneven = (measure: 'accuracy' | 'recall') => {
      const monitor = new AccuracyMonitor({ ...settings, measure, fading: 0.9999 }, memory);
      for (let sample = 0; sample < 3000; sample++) {
        monitor.answered({ sample, confidence: 0.5, expected: 0.9, point: 0 });
        const rare = sample % 20 === 0;
        monitor.labelled(sample, rare ? sample % 40 === 0 : true, rare ? 'kitchen' : 'hall');
      }
      return monitor.observed().correction;
    };
    expect(uneven('accuracy')).toBeCloseTo(0.975 - 0.9, 1);
    expect(uneven('recall')).toBeCloseTo(0.75 - 0.9, 1);
  });

  it('forgets everything on reset', () => {
    const monitor = new AccuracyMonitor(settings, memory);
    run(monitor, new Random(3), 0, 500, 0.5);
    monitor.reset();
    expect(monitor.estimate().samples).toBe(0);
    expect(monitor.observed()).toEqual({ correction: 0, deviation: 0.1, warning: 0, drift: false });
  });
});
