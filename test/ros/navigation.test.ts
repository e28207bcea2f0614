import type { topspark_msgs } from 'rclnodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, sensorQos } from './support/images.js';
import type { Decision } from './support/messages.js';
import type { Outcome } from './support/peer.js';
import { as, setParameter } from './support/parameters.js';
import { World } from './support/world.js';

type Place = topspark_msgs.msg.Place;

let world: World;
let next = 0;
const latched = { durability: 'transient_local', depth: 1 } as const;

beforeAll(async () => {
  world = await World.open();
  const node = await world.startActive();
  await node.waitForLog('~/classification is off, since vision_msgs is not sourced');
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
  await world.peer.subscribe('place', 'topspark_msgs/msg/Place', '/topspark/place', latched);
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
});
afterAll(() => world.close());

/** Shows a picture of a kind; stamps are 20 ms apart. */
async function see(kind: number): Promise<Decision> {
  await world.peer.forget('decision');
  await world.peer.publish('sensor_msgs/msg/Image', '/image', [image(next++, kind)], { qos: sensorQos });
  const [decision] = await world.peer.messages<Decision>('decision', 1);
  return decision;
}

const teach = (label: string): Promise<Outcome> =>
  world.peer.call('topspark_msgs/srv/Teach', '/topspark/teach', { label, duration: { sec: 0, nanosec: 0 } });

describe('~/place', () => {
  it('is unknown when the node is activated, and latched', async () => {
    const [place] = await world.peer.messages<Place>('place', 1);
    expect(place).toMatchObject({ label: '', since: { sec: 0, nanosec: 0 }, confidence: 0 });
  });

  it('is published once answers have agreed for the dwell, reaches late subscribers, and follows its class', async () => {
    expect(await setParameter(world.peer, '/topspark', 'place.dwell', as.double(0.1))).toBe('');
    for (const [kind, name] of [
      [1, 'kitchen'],
      [4, 'hall'],
    ] as const) {
      for (let k = 0; k < 3; k++) {
        await see(kind);
        expect((await teach(name)).success).toBe(true);
      }
    }
    for (let k = 0; k < 12; k++) await see(1);
    const first = await world.peer.messages<Place>('place', 2);
    expect(first.at(-1)).toMatchObject({ label: 'kitchen', header: { frame_id: 'camera' } });
    for (let k = 0; k < 12; k++) await see(4);
    await world.peer.subscribe('late', 'topspark_msgs/msg/Place', '/topspark/place', latched);
    const [late] = await world.peer.messages<Place>('late', 1);
    expect(late.label).toBe('hall');
    expect(late.header.stamp.sec + late.header.stamp.nanosec / 1e9).toBeGreaterThan(
      late.since.sec + late.since.nanosec / 1e9,
    );
    const renamed = { label: 'hall', new_label: 'corridor' };
    expect((await world.peer.call('topspark_msgs/srv/RenameClass', '/topspark/rename_class', renamed)).success).toBe(
      true,
    );
    await world.peer.messages('late', 1, { where: { label: 'corridor' } });
    await world.peer.call('topspark_msgs/srv/ForgetClass', '/topspark/forget_class', { label: 'corridor' });
    const [, , forgotten] = await world.peer.messages<Place>('late', 3);
    expect(forgotten).toMatchObject({ label: '', confidence: 0 });
  });
});

describe('outputs that need a subscriber', () => {
  it('~/spikes contains the input of a sample, and which neuron fired when', async () => {
    await world.peer.subscribe('spikes', 'topspark_msgs/msg/Spikes', '/topspark/spikes');
    const shown = expect.poll(
      async () => {
        await see(1);
        return (await world.peer.messages<topspark_msgs.msg.Spikes>('spikes', 0)).at(-1);
      },
      { timeout: 30_000 },
    );
    await shown.toMatchObject({ rows: 1, columns: 784, timesteps: expect.any(Number) as number });
    const spikes = (await world.peer.messages<topspark_msgs.msg.Spikes>('spikes', 1)).at(-1);
    const { steps, neurons, labels, timesteps, input } = spikes as unknown as Readonly<
      Record<'steps' | 'neurons' | 'labels' | 'input', readonly number[]>
    > & { readonly timesteps: number };
    expect(input).toHaveLength(784);
    expect(Math.max(...input)).toBeGreaterThan(0);
    expect(steps.length).toBeGreaterThan(0);
    expect([neurons.length, labels.length]).toEqual([steps.length, steps.length]);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
    expect(Math.max(...steps)).toBeLessThanOrEqual(timesteps);
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(labels).toContain('kitchen');
  });

  it("~/prototypes contains a picture of each class's prototype", async () => {
    await world.peer.subscribe('prototypes', 'topspark_msgs/msg/Prototypes', '/topspark/prototypes');
    const [shown] = await world.peer.messages<topspark_msgs.msg.Prototypes>('prototypes', 1);
    expect(shown).toMatchObject({ rows: 14, columns: 14, labels: ['kitchen'] });
    const weights = shown.weights as unknown as readonly number[];
    expect(weights).toHaveLength(14 * 14);
    expect(Math.max(...weights)).toBe(255);
  });
});
