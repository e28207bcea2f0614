import { beforeAll, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import type { AgentSettings } from '../../src/agent/agent-settings.js';
import type { Snapshot } from '../../src/base/snapshot.js';
import { decodeSnapshot, encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { accuracyAlone, controlled } from '../../lab/src/bench/day/strategies.js';
import { loadDataset } from '../../lab/src/datasets/dataset.js';
import { shippedProfile } from '../../src/timestep/controller/shipped-profile.js';

const dataset = loadDataset('mnist');
const { settings } = controlled({ neurons: 400, dataset, profile: shippedProfile, goals: accuracyAlone(0.8) });
/** Samples between a sample and its label. */
const late = 20;

/** A robot that sees an image a second; every other one is labelled, late. Its controller chooses the point. */
class Robot {
  readonly agent: Agent;
  /** Events that the used points read, image by image. */
  readonly used: number[] = [];
  #time: number;

  constructor(from: number, stored?: Snapshot, changed: Partial<AgentSettings> = {}) {
    this.#time = from;
    const clock = clockFrom(() => this.#time);
    this.agent = new Agent({ ...settings, ...changed }, clock);
    if (stored) this.agent.restore(stored);
  }

  /** Sees images `from`..`to` − 1; from `dark` on, each image is the negative of another. */
  live(from: number, to: number, dark = Infinity): void {
    for (let k = from; k < to; k++) {
      this.#time = k;
      const battery = { present: true, percentage: 0.9 - k * 1e-5, charge: NaN, capacity: NaN, status: 2 };
      this.agent.take({ topic: 'battery_state', event: battery });
      const data = dataset.train.images.slice(k * 784, (k + 1) * 784);
      if (k >= dark) data.reverse();
      const message = { width: 28, height: 28, encoding: 'mono8', is_bigendian: 0, step: 28, data };
      const event = { sensor: 'image', stamp: BigInt(k), frameId: '', taken: k, message };
      this.agent.take({ topic: 'sensor', event });
      this.used.push(this.agent.mode.point.events);
      const named = k - late;
      if (named < 0 || named % 2 === 1) continue;
      const name = dataset.classNames[dataset.train.labels[named]];
      this.agent.take({ topic: 'label', event: { stamp: BigInt(named), name } });
    }
  }
}

describe('a robot that stops and restarts', () => {
  const [stop, end] = [3010, 3600];
  let stored: Snapshot;
  let whole: Robot;
  beforeAll(() => {
    whole = new Robot(0);
    whole.live(0, stop);
    stored = decodeSnapshot(encodeSnapshot(whole.agent.snapshot()), 'memory');
  });

  it('uses the same points with the same estimate, and learns the same bits', () => {
    const again = new Robot(stop, stored);
    expect(again.agent.status().accuracy).toEqual(whole.agent.status().accuracy);
    // Its world changes soon after, so that alarm, drift and margins all matter.
    for (const each of [whole, again]) each.live(stop, end, stop + 200);
    expect(new Set(whole.used.slice(-(end - stop))).size).toBeGreaterThan(1);
    expect(again.used).toEqual(whole.used.slice(stop));
    expect(encodeSnapshot(again.agent.snapshot()).equals(encodeSnapshot(whole.agent.snapshot()))).toBe(true);
  });

  it('rejects an estimate of another measure or of other points', () => {
    const accuracy = { ...settings.accuracy, measure: 'recall' } as const;
    expect(new Robot(stop, stored, { accuracy }).agent.status().accuracy.samples).toBe(0);
    const points = shippedProfile.points.slice(1);
    const other = new Robot(stop, stored, { profile: { ...shippedProfile, points } });
    expect(other.agent.status().accuracy.samples).toBe(0);
  });

  it('continues the plan for its battery from where it began', () => {
    const goals = { ...settings.goals, mission: { until: '18:00', timeZone: 'UTC', reserve: 0.2 } };
    const first = new Robot(0, undefined, { goals });
    first.live(0, 100);
    const again = new Robot(100, decodeSnapshot(encodeSnapshot(first.agent.snapshot()), 'memory'), { goals });
    again.live(100, 101);
    expect(again.agent.mode.mission).toMatchObject({ start: 0, charge: 0.9 });
  });

  it.each(['accuracy.window', 'accuracy.changes', 'accuracy.margins', 'controller'])(
    'refuses an invalid %s',
    (name) => {
      const { tensors } = stored;
      const broken = {
        ...stored,
        tensors: { ...tensors, [name]: { shape: [5], data: new Float64Array(5).fill(0.5) } },
      };
      const robot = new Robot(stop);
      const before = robot.agent.weightsHash();
      expect(() => {
        robot.agent.restore(broken);
      }).toThrow(expect.objectContaining({ code: 'bad_state' }) as Error);
      expect(robot.agent.weightsHash()).toBe(before);
    },
  );
});
