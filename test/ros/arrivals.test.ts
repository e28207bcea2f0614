import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Arrivals } from '../../src/ros/arrivals.js';
import { image, label, sensorQos } from './support/images.js';
import { changeState, transitions } from './support/lifecycle.js';
import type { Status } from './support/messages.js';
import { World } from './support/world.js';

const labelQos = { reliability: 'reliable', depth: 10 } as const;

/** Opens a world with an active node that hears its camera and labels. */
async function opened(variables: NodeJS.ProcessEnv) {
  const world = await World.open();
  const node = world.startWith(variables, '-p', 'checkpoint.interval:=0.0');
  await node.waitForLog('active');
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 1000 });
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
  await world.connect('/topspark', 'label', 'topspark_msgs/msg/Label', '/label', labelQos);
  return { world, node };
}

/** Answers of the node to ten kinds of images, and to ten more after the first are labelled. */
async function answers({ peer }: World): Promise<readonly string[]> {
  const given: string[] = [];
  const show = async (index: number): Promise<void> => {
    await peer.forget('decision');
    await peer.publish('sensor_msgs/msg/Image', '/image', [image(index)], { qos: sensorQos });
    const [{ label: answer }] = await peer.messages<{ label: string }>('decision', 1);
    given.push(answer);
  };
  for (let index = 1; index <= 10; index++) await show(index);
  const labels = Array.from({ length: 10 }, (_, k) => label(k + 1));
  await peer.publish('topspark_msgs/msg/Label', '/label', labels, { qos: labelQos });
  await labelled(peer, 10);
  for (let index = 11; index <= 20; index++) await show(index);
  return given;
}

/** Waits until this many labels have found their samples. */
async function labelled(peer: World['peer'], wanted: number): Promise<void> {
  const look = async (): Promise<void> => {
    const [status] = (await peer.messages<Status>('status', 1)).slice(-1);
    expect(status.labelled).toBe(wanted);
  };
  await vi.waitFor(look, 20_000);
}

describe('arrivals of messages', () => {
  let direct: Awaited<ReturnType<typeof opened>>;
  let waiting: typeof direct;
  beforeAll(async () => {
    [direct, waiting] = await Promise.all([opened({}), opened({ TOPSPARK_ARRIVALS: 'off' })]);
  });
  afterAll(() => Promise.all([direct.world.close(), waiting.world.close()]));

  it('are not left to an addon of an older program', () => {
    const [older, present] = [{ learn: () => true, listen: () => true, ignore: () => undefined }, () => undefined];
    const open = (addon: object) => () => new Arrivals(addon as ConstructorParameters<typeof Arrivals>[0]);
    expect(open({ ...older, take: present })).toThrow('it has no function publish, `npm run setup` builds it again');
    expect(open({ ...older, take: present, publish: present })).not.toThrow();
  });

  it('are reported by the addon, without a thread that waits', async () => {
    await direct.world.diagnostic(
      '/topspark',
      'messages',
      'Subscriptions that are waited for',
      (value) => value === '0',
    );
    expect(direct.node.lines.some(({ msg }) => msg.includes('waited for'))).toBe(false);
  });

  it('are waited for by a thread without the addon, which is logged and counted', async () => {
    await waiting.node.waitForLog('messages are waited for by a thread, which costs more CPU');
    // Camera, labels and battery.
    await waiting.world.diagnostic(
      '/topspark',
      'messages',
      'Subscriptions that are waited for',
      (value) => value === '3',
    );
  });

  it('give the same answers either way', async () => {
    const [one, other] = await Promise.all([answers(direct.world), answers(waiting.world)]);
    expect(one).toEqual(other);
    expect(new Set(one).size).toBeGreaterThan(5);
  });

  it('lose no message when many come at once', async () => {
    const { peer } = direct.world;
    // Labels of the last ten images; the queue holds ten.
    const labels = Array.from({ length: 10 }, (_, k) => label(k + 11));
    await peer.publish('topspark_msgs/msg/Label', '/label', labels, { qos: labelQos });
    await labelled(peer, 20);
  });

  it('resume after each activation of the node, even in a flood', async () => {
    const { world, node } = direct;
    const { peer } = world;
    const flood = peer.publish(
      'sensor_msgs/msg/Image',
      '/image',
      Array.from({ length: 2000 }, (_, k) => image(100 + k)),
      { qos: sensorQos, rate: 400 },
    );
    for (let turn = 0; turn < 5; turn++) {
      expect(await changeState(peer, '/topspark', transitions.deactivate)).toBe(true);
      expect(await changeState(peer, '/topspark', transitions.activate)).toBe(true);
    }
    await flood;
    await world.diagnostic('/topspark', 'image', 'Publishers', (value) => value !== '0');
    await peer.forget('decision');
    await peer.publish('sensor_msgs/msg/Image', '/image', [image(5000)], { qos: sensorQos });
    await peer.messages('decision', 1);
    expect(node.other).toBe('');
    expect(await node.end('SIGINT')).toMatchObject({ code: 0, signal: null });
  });
});
