import { expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import { Random } from '../../src/base/random.js';
import { accuracyAlone, controlled } from '../../lab/src/bench/day/strategies.js';
import { loadDataset } from '../../lab/src/datasets/dataset.js';
import { shippedProfile } from '../../src/timestep/controller/shipped-profile.js';

it('margins alone move the robot to a costlier point while pictures become noisy', () => {
  const dataset = loadDataset('mnist');
  const { settings } = controlled({ neurons: 400, dataset, profile: shippedProfile, goals: accuracyAlone(0.86) });
  let time = 1000;
  const agent = new Agent(
    settings,
    clockFrom(() => time),
  );
  const random = new Random(9);
  let shown = 0;
  /** Shows images. Returns the events that the used points read. */
  const show = (images: number, labels: number, noise: number) => {
    const events = new Set<number>();
    for (let k = 0; k < images; k++, shown++, time++) {
      const battery = { present: true, percentage: 0.9, charge: NaN, capacity: NaN, status: 2 };
      if (k % 10 === 0) agent.take({ topic: 'battery_state', event: battery });
      agent.tick();
      events.add(agent.mode.point.events);
      const data = dataset.train.images.slice(shown * 784, (shown + 1) * 784);
      for (let at = 0; at < 784; at++) if (random.uniform() < noise) data[at] = 255 * random.uniform();
      const stamp = BigInt(time) * 1_000_000_000n;
      const message = { width: 28, height: 28, encoding: 'mono8', is_bigendian: 0, step: 28, data };
      agent.take({ topic: 'sensor', event: { sensor: 'image', stamp, frameId: '', taken: time, message } });
      const name = dataset.classNames[dataset.train.labels[shown]];
      if (random.uniform() < labels) agent.take({ topic: 'label', event: { stamp, name } });
    }
    return { events };
  };

  show(5000, 0.5, 0);
  expect(show(500, 0.5, 0).events).toEqual(new Set([100]));
  expect(agent.mode.warning).toBe(0);
  show(1500, 0, 0.25);
  expect(agent.mode.warning).toBeGreaterThan(0.03);
  const { events } = show(1000, 0, 0.25);
  expect(events.size).toBe(1);
  expect(Math.min(...events)).toBeGreaterThan(100);
}, 300_000);
