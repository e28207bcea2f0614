import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BagReader } from '../../src/bag/bag-reader.js';
import { BagWriter } from '../../src/bag/bag-writer.js';
import { bagInputs } from '../../src/cli/bag-inputs.js';
import { Replay } from '../../src/cli/replay-run.js';
import { image, label, stampOf } from './support/images.js';
import type { Status } from './support/messages.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-several-'));
let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const laserScan = 'sensor_msgs/msg/LaserScan';
const labelType = 'topspark_msgs/msg/Label';
const reliable = { depth: 100 } as const;
const samples = 40;
const indices = Array.from({ length: samples }, (_, index) => index);

/** One of ten rooms as seen by a laser on one side of the robot. */
const scan = (index: number, side: number): Fields => ({
  header: { stamp: stampOf(index), frame_id: `laser_${side}` },
  ...{ angle_min: -Math.PI, angle_max: Math.PI, angle_increment: Math.PI / 32, range_min: 0.1, range_max: 12 },
  ...{ time_increment: 0, scan_time: 0.1, intensities: [] },
  ranges: Array.from({ length: 64 }, (_, beam) => 1 + (((index % 10) * (beam + side) + side) % 9)),
});

interface Pair {
  readonly type: string;
  readonly names: readonly [string, string];
  /** Full names of their topics. */
  readonly topics: readonly [string, string];
  readonly message: (index: number, side: number) => Fields;
  readonly parameters: readonly string[];
  readonly remappings: readonly string[];
}

const pairs: Record<string, Pair> = {
  lasers: {
    ...{ type: laserScan, names: ['scan', 'scan_rear'], topics: ['/lasers/scan', '/rear/scan'], message: scan },
    parameters: ['scan_rear.topic:=/rear/scan', 'scan_rear.sectors:=16', 'scan.heading_free:=false'],
    remappings: [],
  },
  eyes: {
    ...{
      type: 'sensor_msgs/msg/Image',
      names: ['image_front', 'image_rear'],
      topics: ['/eyes/front/raw', '/eyes/image_rear'],
    },
    message: (index, side) => image(index, (index + 3 * side) % 10),
    parameters: ['image_front.width:=12', 'image_front.height:=12', 'image_rear.encoding:=change'],
    remappings: ['image_front:=front/raw'],
  },
};

/** Everything that a node receives, in order. */
interface Recorded {
  readonly topic: string;
  readonly type: string;
  readonly message: Fields;
}

describe.each(Object.entries(pairs))('two %s', (space, { type, names, topics, message, parameters, remappings }) => {
  const set = [
    `sensors:=[${names.join(', ')}]`,
    ...parameters,
    ...['sync.slop:=0.005', 'sync.queue:=100', 'label.wait:=60.0', 'network.neurons:=50'],
  ];
  const label_ = `/${space}/label`;
  const recorded: Recorded[] = [
    ...[0, 1].flatMap((side) => indices.map((index) => ({ topic: topics[side], type, message: message(index, side) }))),
    ...indices.map((index) => ({ topic: label_, type: labelType, message: { ...label(index), kind: 0 } })),
  ];

  it('are read under their own names, and learned to the bits of a replay', async () => {
    const { peer } = world;
    const kept = topics.flatMap((topic) => [
      `qos_overrides.${topic}.subscription.reliability:=reliable`,
      `qos_overrides.${topic}.subscription.depth:=100`,
    ]);
    const given = [...set, ...kept, 'energy_mode.forced:=FULL'].flatMap((each) => ['-p', each]);
    const mapped = remappings.flatMap((each) => ['-r', each]);
    await world.startActive('-r', `__ns:=/${space}`, ...mapped, ...given);
    const node = `/${space}/topspark`;
    await peer.subscribe(space, 'topspark_msgs/msg/Decision', `${node}/decision`, reliable);
    await peer.subscribe(`${space} status`, 'topspark_msgs/msg/Status', `${node}/status`);
    for (const [side, name] of names.entries()) await world.connect(node, name, type, topics[side], reliable);
    await world.connect(node, 'label', labelType, label_, reliable);
    for (const [side, topic] of topics.entries()) {
      await peer.publish(
        type,
        topic,
        indices.map((index) => message(index, side)),
        { qos: reliable },
      );
      // Those of the first wait for the second.
      if (side === 0) await peer.messages(`${space} status`, 1, { where: { received: samples } });
    }
    const decisions = await peer.messages<{ header: { stamp: unknown; frame_id: string } }>(space, samples);
    expect(decisions.map(({ header }) => header.stamp)).toEqual(indices.map(stampOf));
    await peer.publish(
      labelType,
      label_,
      indices.map((index) => label(index)),
      { qos: reliable },
    );
    await peer.messages(`${space} status`, 1, { where: { labelled: samples } });
    for (const name of names) await world.diagnostic(node, name, 'Used', (value) => value === String(samples));

    const { success, message: said } = await peer.call('std_srvs/srv/Trigger', `${node}/save_checkpoint`);
    expect(success).toBe(true);
    expect(said).toContain(await replayed());
  });

  it('count bad messages for their sender, and nothing changes', async () => {
    const { peer } = world;
    const node = `/${space}/topspark`;
    const wrong = type === laserScan ? { ranges: [] } : { data: new Uint8Array(7) };
    const cause = `${names[1]}_${type === laserScan ? 'empty' : 'size_mismatch'}`;
    const stamp = samples;
    await peer.publish(type, topics[0], [message(stamp, 0)], { qos: reliable });
    await peer.publish(type, topics[1], [{ ...message(stamp, 1), ...wrong }], { qos: reliable });
    await world.diagnostic(node, names[1], `dropped: ${cause}`, (value) => value === '1');
    const [status] = await peer.messages<Status>(`${space} status`, 1, { where: { received: samples + 1 } });
    expect(status.dropped_causes).toContain(cause);
    expect(status.decided).toBe(samples);
    const { success, message: said } = await peer.call('std_srvs/srv/Trigger', `${node}/save_checkpoint`);
    expect(success).toBe(true);
    expect(said).toContain(await replayed());
  });

  /** Hash of what is learned when the messages are replayed as a bag, with the options of the node. */
  async function replayed(): Promise<string> {
    const path = join(folder, `${space}.mcap`);
    const writer = await BagWriter.create(path);
    for (const [at, each] of recorded.entries()) {
      const fields = { ...each.message };
      await writer.write(each.topic, each.type, BigInt(at) * 1_000_000n, fields);
    }
    await writer.close();
    const { settings, topics: heard } = bagInputs({ param: set, remap: remappings, namespace: `/${space}` });
    const bag = await BagReader.open(path);
    const replay = new Replay({ settings, topics: heard, mode: 'FULL', rate: 0 });
    const result = await replay.run(bag, undefined, () => undefined);
    bag.close();
    expect(result).toMatchObject({ decisions: samples, labelled: samples, refused: 0, labelsWaiting: 0 });
    return result.weightsHash;
  }
});

describe('a node with two sensors on one topic', () => {
  it('refuses to configure, and says why', async () => {
    const two = ['-p', 'sensors:=[scan, scan_rear]', '-r', 'scan_rear:=/twice/scan'];
    const node = world.start('-r', '__ns:=/twice', ...two);
    await node.waitForLog('scan and scan_rear are both subscribed to /twice/scan, expected one topic each');
  });
});
