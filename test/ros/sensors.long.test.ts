import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, stampOf } from './support/images.js';
import { bytesOf, pictureSet } from '../sensing/pictures/pictures.js';
import type { Decision, Status } from './support/messages.js';
import type { NodeProcess } from './support/node-process.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

let world: World;

const header = (index: number, frame: string): Fields => ({ stamp: stampOf(index), frame_id: frame });

/** A room that rotates a little from scan to scan. */
const scan = (index: number, changes: Fields = {}): Fields => ({
  header: header(index, 'laser'),
  ...{ angle_min: -Math.PI, angle_max: Math.PI, angle_increment: Math.PI / 180, range_min: 0.1, range_max: 12 },
  ranges: Array.from({ length: 360 }, (_, beam) =>
    beam % 90 === index % 90 ? Infinity : 1 + ((beam + index) % 360) / 60,
  ),
  ...changes,
});

/** A PointCloud2 of a ring that is drawn in on one side. */
function cloud(index: number, changes: Fields = {}): Fields {
  const points = Float32Array.from({ length: 300 }, (_, k) => {
    const angle = (2 * Math.PI * Math.floor(k / 3)) / 100;
    const distance = 4 + Math.cos(angle + index / 10);
    return k % 3 === 2 ? 0.1 : distance * (k % 3 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  const fields = ['x', 'y', 'z'].map((name, axis) => ({ name, offset: 4 * axis, datatype: 7, count: 1 }));
  const layout = { height: 1, width: 100, fields, is_bigendian: false, point_step: 12, row_step: 1200, is_dense: true };
  return { header: header(index, 'lidar'), ...layout, data: new Uint8Array(points.buffer), ...changes };
}

const picture = (index: number): Uint8Array => {
  const data = Buffer.alloc(16 * 16 * 4, 40);
  for (let k = 0; k < 16; k++) data.fill(200, 4 * (16 * k + (index % 12)), 4 * (16 * k + (index % 12) + 3));
  return Uint8Array.from(jpeg.encode({ width: 16, height: 16, data }, 90).data);
};

/** An IMU message: shaking along x. */
const imu = (index: number, x = Math.sin(index)): Fields => ({
  header: header(index, 'imu'),
  linear_acceleration: { x, y: 0, z: 9.81 },
});

interface Kind {
  readonly name: string;
  readonly topic?: string;
  readonly type: string;
  readonly frame: string;
  readonly parameters?: readonly string[];
  readonly message: (index: number) => Fields;
  /** The message that completes the first sample; every later one is a sample too. */
  readonly first?: number;
  readonly fault: Fields;
  readonly cause: string;
}

const kinds: Kind[] = [
  {
    ...{ name: 'scan', type: 'sensor_msgs/msg/LaserScan', frame: 'laser', message: scan },
    ...{ fault: scan(100, { ranges: [] }), cause: 'scan_empty' },
  },
  {
    ...{ name: 'compressed_image', topic: 'image/compressed', type: 'sensor_msgs/msg/CompressedImage', frame: 'eye' },
    message: (index) => ({ header: header(index, 'eye'), format: 'jpeg', data: picture(index) }),
    fault: { header: header(100, 'eye'), format: 'jpeg', data: picture(1).subarray(0, 200) },
    cause: 'compressed_image_broken',
  },
  {
    ...{ name: 'range', type: 'sensor_msgs/msg/Range', frame: 'sonar' },
    message: (index) => ({ header: header(index, 'sonar'), min_range: 0.1, max_range: 4, range: 1 + index / 20 }),
    fault: { header: header(100, 'sonar'), min_range: 0.1, max_range: 4, range: NaN },
    cause: 'range_not_a_number',
  },
  {
    ...{ name: 'imu', type: 'sensor_msgs/msg/Imu', frame: 'imu', message: imu, first: 10 },
    ...{ parameters: ['imu.window:=0.2', 'imu.hop:=0.02'], fault: imu(100, NaN), cause: 'imu_out_of_range' },
  },
  {
    ...{ name: 'points', type: 'sensor_msgs/msg/PointCloud2', frame: 'lidar', message: cloud },
    ...{ fault: cloud(100, { data: new Uint8Array(7) }), cause: 'points_size_mismatch' },
  },
  {
    ...{ name: 'features', type: 'topspark_msgs/msg/Features', frame: 'net', parameters: ['features.signed:=true'] },
    message: (index) => ({
      header: header(index, 'net'),
      values: Array.from({ length: 64 }, (_, k) => Math.sin(k * (1 + index / 10))),
    }),
    fault: { header: header(100, 'net'), values: [1, 2, 3] },
    cause: 'features_size',
  },
];

const image28 = 'sensor_msgs/msg/Image';
const laserScan = 'sensor_msgs/msg/LaserScan';

// Every node is in a namespace of its own. The subject is what becomes of messages, so none may be lost on the way:
// both ends are reliable, and all are sent at once.
const nodes: Record<string, NodeProcess> = {};
const reliable = { depth: 100 } as const;
const start = (space: string, topics: readonly string[], ...parameters: string[]): void => {
  const kept = topics.flatMap((topic) => [
    `qos_overrides./${space}/${topic}.subscription.reliability:=reliable`,
    `qos_overrides./${space}/${topic}.subscription.depth:=100`,
  ]);
  const given = [...kept, ...parameters].flatMap((each) => ['-p', each]);
  nodes[space] = world.start('-r', `__ns:=/${space}`, ...given);
};

beforeAll(async () => {
  world = await World.open();
  for (const { name, topic = name, parameters = [] } of kinds) {
    start(name, [topic], `sensors:=['${name}']`, ...parameters);
  }
  const both = ["sensors:=['image', 'scan']", 'sync.slop:=0.005'];
  start('refusing', ['image', 'scan'], ...both, 'sync.policy:=refuse');
  start('without', ['image', 'scan'], ...both, 'sync.policy:=without');
  start('waiting', ['image', 'scan'], ...both, 'sync.policy:=wait', 'sync.queue:=12');
  start('slow', ['image'], 'image.expected_rate:=50.0');
  start('encodings', ['image'], "sensors:=['image']", 'image.width:=12', 'image.height:=8');
  start('camera', ['points'], "sensors:=['points']");
  start('files', ['image/compressed'], "sensors:=['compressed_image']");
  await Promise.all(Object.values(nodes).map((node) => node.waitForLog('active', 60)));
}, 120_000);
afterAll(() => world.close());

/** The peer's ends of a node's topics. */
async function open(space: string, inputs: readonly (readonly [task: string, type: string, topic: string])[]) {
  const { peer } = world;
  await peer.subscribe(`${space} decision`, 'topspark_msgs/msg/Decision', `/${space}/topspark/decision`, reliable);
  await peer.subscribe(`${space} status`, 'topspark_msgs/msg/Status', `/${space}/topspark/status`);
  await peer.messages(`${space} status`, 1);
  for (const [task, type, topic] of inputs) {
    await world.connect(`/${space}/topspark`, task, type, `/${space}/${topic}`, reliable);
  }
  return {
    send: (type: string, topic: string, messages: readonly Fields[], rate = 0) =>
      peer.publish(type, `/${space}/${topic}`, messages, { qos: reliable, rate }),
    /** Headers of the first decisions. */
    decided: async (count: number) =>
      (await peer.messages<Decision>(`${space} decision`, count)).map(({ header }) => header),
    /** The first status with this many decisions. */
    status: async (where: Fields) => (await peer.messages<Status>(`${space} status`, 1, { where })).slice(-1)[0],
  };
}

const indices = Array.from({ length: 20 }, (_, index) => index);

describe('each kind of sensor', () => {
  it.each(kinds)('$name is decided, and its faults are counted by cause', async (kind) => {
    const { name, topic = name, type, frame, message, first = 0, fault, cause } = kind;
    const node = await open(name, [[name, type, topic]]);
    await node.send(type, topic, indices.map(message));
    const samples = indices.slice(first);
    expect(await node.decided(samples.length)).toEqual(samples.map((index) => header(index, frame)));

    await node.send(type, topic, [fault, fault, fault]);
    await world.diagnostic(`/${name}/topspark`, name, `dropped: ${cause}`, (value) => value === '3');
    const status = await node.status({ decided: samples.length, dropped_causes: [cause] });
    expect(status.dropped_counts).toEqual([3]);
  });
});

describe('a picture as drivers send it', () => {
  const compressed = 'sensor_msgs/msg/CompressedImage';

  it('is decided in every encoding', async () => {
    const node = await open('encodings', [['image', image28, 'image']]);
    const messages = pictureSet.pictures.map(({ encoding, bigEndian, step, data }, index) => {
      const { width, height } = pictureSet;
      const is_bigendian = Number(bigEndian);
      return { header: header(index, 'eye'), width, height, encoding, is_bigendian, step, data: bytesOf(data) };
    });
    await node.send(image28, 'image', messages);
    expect(await node.decided(messages.length)).toEqual(messages.map((_, index) => header(index, 'eye')));
    expect((await node.status({ decided: messages.length })).dropped_causes).toEqual([]);
  });

  it('is decided in every compressed form', async () => {
    const node = await open('files', [['compressed_image', compressed, 'image/compressed']]);
    const messages = pictureSet.compressed.map(({ format, data }, index) => {
      return { header: header(index, 'eye'), format, data: bytesOf(data) };
    });
    await node.send(compressed, 'image/compressed', messages);
    expect(await node.decided(messages.length)).toEqual(messages.map((_, index) => header(index, 'eye')));
    expect((await node.status({ decided: messages.length })).dropped_causes).toEqual([]);
  });
});

describe('a point cloud of a depth camera', () => {
  const type = 'sensor_msgs/msg/PointCloud2';

  it('is decided along the axes of its optical frame, also when row_step is 0', async () => {
    const node = await open('camera', [['points', type, 'points']]);
    // A wall 3 m ahead, left or right of the middle: x right, y down, z forward.
    const wall = (index: number): Fields => {
      const points = Float32Array.from({ length: 300 }, (_, k) => {
        return [(index % 2 === 0 ? -1 : 1) * (0.2 + (k % 60) / 40), (k % 7) / 10 - 0.3, 3][k % 3];
      });
      return cloud(index, {
        header: header(index, 'camera_depth_optical_frame'),
        row_step: 0,
        data: new Uint8Array(points.buffer),
      });
    };
    await node.send(type, 'points', indices.map(wall));
    const wanted = indices.map((index) => header(index, 'camera_depth_optical_frame'));
    expect(await node.decided(indices.length)).toEqual(wanted);
    expect((await node.status({ decided: indices.length })).dropped_causes).toEqual([]);
  });
});

describe('two sensors', () => {
  const inputs = [
    ['image', image28, 'image'],
    ['scan', laserScan, 'scan'],
  ] as const;

  it('are matched by stamp, and unmatched messages are counted', async () => {
    const node = await open('refusing', inputs);
    await node.send(
      laserScan,
      'scan',
      indices.slice(0, 10).map((index) => scan(index)),
    );
    await world.diagnostic('/refusing/topspark', 'scan', 'Events since startup', (value) => value === '10');
    await node.send(
      image28,
      'image',
      indices.map((index) => image(index)),
    );
    const matched = indices.slice(0, 10).map((index) => header(index, 'camera'));
    expect(await node.decided(10)).toEqual(matched);
    const status = await node.status({ received: 20, decided: 10, dropped_causes: ['sensor_missing'] });
    expect(status.dropped_counts).toEqual([10]);
    await world.diagnostic('/refusing/topspark', 'image', 'dropped: sensor_missing', (value) => value === '10');
  });

  it('refuse each sample of the first while the other is silent', async () => {
    // After the previous test the laser is silent.
    const { peer } = world;
    const later = Array.from({ length: 5 }, (_, k) => image(20 + k));
    await peer.publish(image28, '/refusing/image', later, { qos: reliable, rate: 0 });
    await world.diagnostic('/refusing/topspark', 'image', 'dropped: sensor_missing', (value) => value === '15');
    const [status] = await peer.messages<Status>('refusing status', 1, { where: { received: 25 } });
    expect(status).toMatchObject({ decided: 10, dropped_causes: ['sensor_missing'], dropped_counts: [15] });
  });

  it('wait for a late one up to their queue; what it has passed is lost', async () => {
    const node = await open('waiting', inputs);
    await node.send(
      image28,
      'image',
      indices.map((index) => image(index)),
    );
    // The queue holds twelve; eight were dropped before the laser sent anything.
    const silent = await node.status({ received: 20, dropped_causes: ['sensor_missing'] });
    expect(silent).toMatchObject({ decided: 0, dropped_counts: [8] });
    const heard = indices.filter((index) => index !== 15);
    await node.send(
      laserScan,
      'scan',
      heard.map((index) => scan(index)),
    );
    const matched = heard.filter((index) => index >= 8).map((index) => header(index, 'camera'));
    expect(await node.decided(11)).toEqual(matched);
    const status = await node.status({ received: 20, decided: 11 });
    // Eight scans found their image dropped.
    expect(status).toMatchObject({ dropped_causes: ['sensor_missing', 'scan_unused'], dropped_counts: [9, 8] });
  });

  it('go without a silent one', async () => {
    const node = await open('without', inputs);
    await node.send(
      image28,
      'image',
      indices.map((index) => image(index)),
    );
    // Only the first waits, until the second is past its slop; from then on nothing waits.
    expect(await node.decided(20)).toEqual(indices.map((index) => header(index, 'camera')));
    // Each is reported, since only one of the two sensors decided it.
    const status = await node.status({ decided: 20 });
    expect(status).toMatchObject({ dropped_causes: ['scan_missing'], dropped_counts: [20] });
    await nodes['without'].waitForLog('is decided without it: no scan has come [scan_missing]');
  });
});

describe('an expected rate', () => {
  it('causes a warning when the sensor stays below it', async () => {
    const node = await open('slow', [['image', image28, 'image']]);
    await node.send(
      image28,
      'image',
      Array.from({ length: 80 }, (_, index) => image(index)),
      10,
    );
    const warning = await nodes['slow'].waitForLog('[rate_low]');
    expect(warning.msg).toMatch(/^image: image comes at \d+\.\d Hz, expected 50 Hz/);
    expect(warning.level).toBe(40);
  });
});
