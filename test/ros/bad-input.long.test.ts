import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { image, imageMessage, label, sensorQos } from './support/images.js';
import { dropped, type Status } from './support/messages.js';
import type { NodeProcess } from './support/node-process.js';
import type { Fields, PeerQos } from './support/peer.js';
import { World } from './support/world.js';

let world: World;
let node: NodeProcess;

beforeAll(async () => {
  world = await World.open();
  node = await world.startActive('-p', 'input.max_bytes:=50000');
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status');
  await world.peer.subscribe('rosout', 'rcl_interfaces/msg/Log', '/rosout', {
    depth: 1000,
    durability: 'transient_local',
  });
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision');
  await world.connect('/topspark', 'image', imageType, '/image');
  await world.connect('/topspark', 'battery', batteryType, '/battery_state');
  // Something to lose: a few pictures are learned and labelled first.
  const images = Array.from({ length: 40 }, (_, index) => image(index));
  await world.peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 40 });
  await world.peer.publish('topspark_msgs/msg/Label', '/label', [label(35), label(36)]);
  await world.peer.messages('status', 1, { where: { labelled: 2 } });
});
afterAll(() => world.close());

async function weightsHash(): Promise<string> {
  const { message } = await world.peer.call('std_srvs/srv/Trigger', '/topspark/save_checkpoint');
  const hash = /weights ([0-9a-f]{64})$/.exec(message)?.[1];
  if (hash === undefined) throw new Error(`no weights hash in '${message}'`);
  return hash;
}

function battery(changes: Fields): Fields {
  const unmeasured = { voltage: NaN, temperature: NaN, current: NaN, charge: NaN, capacity: NaN, design_capacity: NaN };
  return { ...unmeasured, present: true, power_supply_status: 2, percentage: 0.8, ...changes };
}

const imageType = 'sensor_msgs/msg/Image';
const batteryType = 'sensor_msgs/msg/BatteryState';
const faults: [string, string, string, Fields | Uint8Array, string, string][] = [
  [
    'a wrong encoding',
    imageType,
    'image',
    imageMessage(100, { encoding: 'jpeg', data: new Uint8Array(784) }),
    'image_encoding',
    'jpeg',
  ],
  [
    'a size that does not match',
    imageType,
    'image',
    imageMessage(101, { data: new Uint8Array(700) }),
    'image_size_mismatch',
    '700 bytes',
  ],
  [
    'bytes that are no message',
    imageType,
    'image',
    Uint8Array.from([0, 1, 0, 0, 7, 0, 0, 0]),
    'message_undecodable',
    '8 bytes came that are not a sensor_msgs/msg/Image',
  ],
  ['no pixels', imageType, 'image', imageMessage(102, { width: 0, height: 0, step: 0 }), 'image_empty', '0×0'],
  [
    '100 megapixels and a short body',
    imageType,
    'image',
    imageMessage(103, { width: 10_000, height: 10_000, step: 10_000, data: new Uint8Array(10) }),
    'image_too_large',
    '10000×10000',
  ],
  [
    'a label of 300 letters',
    'topspark_msgs/msg/Label',
    'label',
    label(36, 'x'.repeat(300)),
    'label_too_long',
    '300 char',
  ],
  [
    'a label of more bytes than any message may have',
    'topspark_msgs/msg/Label',
    'label',
    label(36, 'x'.repeat(100_000)),
    'message_too_large',
    'expected at most input.max_bytes = 50000',
  ],
  ['a battery at NaN', batteryType, 'battery_state', battery({ percentage: NaN }), 'battery_unmeasured', 'NaN'],
  ['a battery at 87', batteryType, 'battery_state', battery({ percentage: 87 }), 'battery_out_of_range', '87'],
];

describe('bad input is refused and changes nothing', () => {
  it.each(faults)('%s', async (_name, type, topic, message, cause, found) => {
    const { peer } = world;
    const before = await weightsHash();
    const [{ decided }] = (await peer.messages<Status>('status', 1)).slice(-1);
    // Slow enough that a busy machine takes each of them: a new image replaces one that still waits.
    await peer.publish(type, `/${topic}`, [message, message, message], { qos: sensorFor(topic), rate: 4 });

    const warning = await node.waitForLog(`[${cause}]`);
    expect(warning.level).toBe(40);
    expect(warning.msg).toContain(`${topic}: `);
    expect(warning.msg).toContain(found);
    const logged = await peer.messages('rosout', 1, { where: { level: 30, msg: warning.msg } });
    expect(logged).toHaveLength(1);

    // The beat may fall between two of them.
    const status = await vi.waitFor(async () => {
      await peer.forget('status');
      const [next] = (await peer.messages<Status>('status', 1)).slice(-1);
      expect(dropped(next, cause)).toBe(3);
      return next;
    }, 10_000);
    expect(status.decided).toBe(decided);
    expect(await weightsHash()).toBe(before);
    const alike = node.lines.filter(({ msg }) => msg.includes(`[${cause}]`));
    expect(alike).toHaveLength(1);
  });

  it('a label for an unknown stamp is refused once the next image shows that no recording starts again', async () => {
    const { peer } = world;
    const late = label(-10_000);
    await peer.publish('topspark_msgs/msg/Label', '/label', [late, late, late], { rate: 20 });
    await peer.messages('status', 1, { where: { labels_waiting: 3 } });
    await peer.publish(imageType, '/image', [image(150)], { qos: sensorQos });
    const { msg } = await node.waitForLog('[label_unknown_stamp]');
    expect(msg).toContain('too late');
    await peer.forget('status');
    const [status] = await peer.messages<Status>('status', 1, { where: { labels_waiting: 0 } });
    expect(dropped(status, 'label_unknown_stamp')).toBe(3);
  });

  it('the node still decides', async () => {
    const before = (await world.peer.messages('decision', 0)).length;
    await world.peer.publish(imageType, '/image', [image(200)], { qos: sensorQos });
    await world.peer.messages('decision', before + 1);
    expect(node.other).toBe('');
  });
});

const sensorFor = (topic: string): PeerQos => (topic === 'label' ? {} : sensorQos);

describe('the warning of a continuing fault', () => {
  it('comes at most once in five seconds, with the number of suppressed ones', async () => {
    const fault = imageMessage(300, { encoding: 'rgb10', data: new Uint8Array(784) });
    await world.peer.publish(
      imageType,
      '/image',
      Array.from({ length: 56 }, () => fault),
      { qos: sensorQos, rate: 10 },
    );
    const repeated = await node.waitForLog('more like it)');
    expect(repeated.msg).toMatch(/\(and \d+ more like it\)$/);
    expect(node.lines.filter(({ msg }) => msg.includes('rgb10'))).toHaveLength(2);
    const saved = await world.peer.call('std_srvs/srv/Trigger', '/topspark/save_checkpoint');
    expect(saved.success).toBe(true);
  });
});
