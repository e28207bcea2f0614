import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bagTopics } from '../../src/bag/bag-topics.js';
import { Replay } from '../../src/cli/replay-run.js';
import { BagReader } from '../../src/bag/bag-reader.js';
import type { BagMessage } from '../../src/bag/bag-file.js';
import { MessageDecoder } from '../../src/bag/message-decoder.js';
import { agentSettings } from '../../src/node/settings-of-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { writeWorldBag } from '../../lab/src/world/world-bag.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';
import { sensorKind } from '../../src/sensing/sensor-kinds.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-live-'));
const path = join(folder, 'drive.mcap');
let world: World;

beforeEach(async () => {
  await writeWorldBag(path, { seed: 2, duration: 15, rate: 10, labels: 0.06 }, () => undefined);
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Typed arrays as the peer's JSON needs them. */
const sendable = (message: object): Fields =>
  Object.fromEntries(
    Object.entries(message).map(([name, value]) => [
      name,
      value instanceof Float32Array ? [...value] : (value as unknown),
    ]),
  );

async function readBag(): Promise<BagMessage[]> {
  const bag = await BagReader.open(path);
  const messages = [...bag.messages()];
  bag.close();
  return messages;
}

async function replayed(encoding: string): Promise<string> {
  const set = ['sensors:=[scan]', `scan.encoding:=${encoding}`];
  const settings = agentSettings(offlineParameters({ set }, '/topspark', parameterTable));
  const bag = await BagReader.open(path);
  const replay = new Replay({ settings, topics: bagTopics([sensorKind('scan')], '/', []), mode: 'FULL', rate: 0 });
  const { weightsHash } = await replay.run(bag, undefined, () => undefined);
  bag.close();
  return weightsHash;
}

describe.each(['plain', 'change'])('a drive, encoded as %s', (encoding) => {
  it('teaches a node on live topics what its bag teaches, bit for bit', async () => {
    const { peer } = world;
    const reliable = ['reliability:=reliable', 'depth:=500'].flatMap((each) => [
      '-p',
      `qos_overrides./scan.subscription.${each}`,
    ]);
    await world.startActive(
      '-p',
      'sensors:=[scan]',
      '-p',
      `scan.encoding:=${encoding}`,
      '-p',
      'energy_mode.forced:=FULL',
      ...reliable,
    );
    await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 500 });
    await peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
    await world.connect('/topspark', 'scan', 'sensor_msgs/msg/LaserScan', '/scan', { depth: 500 });
    const decoder = new MessageDecoder();
    let scans = 0;
    let labels = 0;
    let waiting: Fields[] = [];
    const flush = async (): Promise<void> => {
      await peer.publish('sensor_msgs/msg/LaserScan', '/scan', waiting, { qos: { depth: 500 } });
      scans += waiting.length;
      waiting = [];
      // The first scan shows no change.
      await peer.messages('decision', encoding === 'change' ? scans - 1 : scans);
    };
    for (const message of await readBag()) {
      const fields = sendable(decoder.decode(message) as object);
      if (message.channel.topic === '/scan') waiting.push(fields);
      if (message.channel.topic !== '/label') continue;
      // A label takes effect before the next sample: it is received before that is sent.
      await flush();
      await peer.publish('topspark_msgs/msg/Label', '/label', [fields]);
      await peer.messages('status', 1, { where: { labelled: ++labels } });
    }
    await flush();
    expect({ scans, labelled: labels > 3 }).toEqual({ scans: 150, labelled: true });
    const { success, message } = await peer.call('std_srvs/srv/Trigger', '/topspark/save_checkpoint');
    expect(success).toBe(true);
    expect(message).toContain(await replayed(encoding));
  });
});
