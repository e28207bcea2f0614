import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, label, sensorQos } from './support/images.js';
import type { Decision, Status } from './support/messages.js';
import { withModes } from './support/modes.js';
import { World } from './support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open();
  const parameters = ['energy_mode.forced:=SAVER', 'checkpoint.interval:=0.0'];
  const modes = withModes(world.folder, { saver: { max_rate: 5 } });
  await world.startActive(...modes, ...parameters.flatMap((each) => ['-p', each]));
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 1000 });
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
});
afterAll(() => world.close());

const publish = async (from: number, count: number): Promise<void> => {
  const images = Array.from({ length: count }, (_, index) => image(from + index));
  await world.peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 50 });
};
const lastStatus = async (where = {}): Promise<Status> => {
  await world.peer.forget('status');
  return (await world.peer.messages<Status>('status', 1, { where })).slice(-1)[0];
};

describe('a limit on the rate of every topic', () => {
  it('takes no more of a flood than it allows, and continues to receive', async () => {
    const node = await world.startActive(
      '-r',
      '__ns:=/slow',
      '-p',
      'input.max_rate:=2.0',
      '-p',
      'checkpoint.interval:=0.0',
    );
    await world.connect('/slow/topspark', 'image', 'sensor_msgs/msg/Image', '/slow/image');
    const images = Array.from({ length: 200 }, (_, index) => image(index));
    const unknown = images.slice(0, 100).map((_, index) => label(9000 + index));
    await world.peer.publish('topspark_msgs/msg/Label', '/slow/label', unknown);
    await world.peer.publish('sensor_msgs/msg/Image', '/slow/image', images, { qos: sensorQos, rate: 50 });
    await world.peer.subscribe('slow', 'topspark_msgs/msg/Status', '/slow/topspark/status', { depth: 100 });
    const [{ received, decided, labels_waiting: waiting, dropped_causes: causes, dropped_counts: counts }] = (
      await world.peer.messages<Status>('slow', 1)
    ).slice(-1);
    // 4 s at 2 a second, and later when the machine was busy.
    expect(received).toBeGreaterThan(3);
    expect(received).toBeLessThan(60);
    expect(decided).toBe(received);
    const count = Object.fromEntries(causes.map((cause, k) => [cause, counts[k]]));
    expect(['input_limited', 'label_unknown_stamp']).toEqual(expect.arrayContaining(Object.keys(count)));
    // Labels wait if their sample has not yet come.
    const labels = (count['label_unknown_stamp'] ?? 0) + waiting;
    expect(labels).toBeGreaterThan(3);
    expect(labels).toBeLessThan(60);
    // Each pause of a topic is logged.
    expect(count['input_limited']).toBeGreaterThan(3);
    await node.waitForLog('image: image sent input.max_rate = 2 messages within a second: none is taken for');
  });
});

describe('a mode that caps decisions', () => {
  it('takes no more messages than it decides, and always the newest', async () => {
    await publish(0, 200);
    const { received, decided, dropped_causes: dropped } = await lastStatus();
    // 4 s at 5 a second, and later when the machine was busy.
    expect(decided).toBeGreaterThan(3);
    expect(decided).toBeLessThan(60);
    expect(received).toBe(decided);
    expect(dropped).toEqual([]);
    const decisions = await world.peer.messages<Decision>('decision', decided);
    const stamps = decisions.map(({ header: { stamp } }) => stamp.sec + stamp.nanosec / 1e9);
    const steps = stamps.slice(1).map((stamp, index) => stamp - stamps[index]);
    // At 50 a second the next one taken is ten images, 0.2 s, further on; a queue would return the one right after.
    expect(Math.max(...steps)).toBeGreaterThan(0.1);
  });

  it('takes every message again as soon as a mode without a cap applies', async () => {
    const before = await lastStatus();
    const forced = { mode: 'FULL' };
    expect(await world.peer.call('topspark_msgs/srv/SetEnergyMode', '/topspark/set_energy_mode', forced)).toMatchObject(
      { success: true },
    );
    await publish(1000, 100);
    const { received, decided } = await lastStatus();
    expect(received - before.received).toBeGreaterThan(50); // best effort: some may be lost on a busy machine
    expect(decided).toBe(received);
  });
});
