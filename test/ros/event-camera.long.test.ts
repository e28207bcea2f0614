import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SimulatedEventCamera } from '../../lab/src/datasets/events/simulated-event-camera.js';
import { BagWriter } from '../../src/bag/bag-writer.js';
import { toStamp } from '../../src/base/time.js';
import { columnOf, polarityOf, rowOf } from '../../src/sensing/events/event-batch.js';
import { evt3, type TestEvent } from '../sensing/sensors/event-packets.js';
import { buildForeignMessages, forgetForeignMessages } from './support/foreign-messages.js';
import type { Decision } from './support/messages.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

const type = { events: 'event_camera_msgs/msg/EventPacket', label: 'topspark_msgs/msg/Label' } as const;
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const sensor = ['sensors:=[events]', 'events.window:=0.2', 'events.hop:=0.05'].flatMap((each) => ['-p', each]);
const qos = { depth: 1000 };
/** Duration of a packet, and of a recording of three saccades [µs]. */
const [lasts, long] = [10_000, 300_000];

let folder: string;
let world: World;
/** Messages sent to the node, in order. */
const sent: { readonly topic: string; readonly type: string; readonly message: Fields }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-events-'));
  const sourced = buildForeignMessages(folder, ['event_camera_msgs']);
  world = await World.open(sourced);
  const reliable = ['reliability:=reliable', 'depth:=1000'].map((each) => `qos_overrides./events.subscription.${each}`);
  const node = world.startWith(
    sourced,
    ...sensor,
    ...['energy_mode.forced:=FULL', ...reliable].flatMap((each) => ['-p', each]),
  );
  await node.waitForLog('active', 180);
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 500 });
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
  await world.connect('/topspark', 'events', type.events, '/events', qos);
  await world.connect('/topspark', 'label', type.label, '/label', qos);
}, 900_000);
afterAll(async () => {
  await world.close();
  forgetForeignMessages();
  rmSync(folder, { recursive: true });
});

const camera = new SimulatedEventCamera(28, 28, 1);
/** A vertical (kind 0) or horizontal bar, at one of several places. */
const picture = (kind: number, place: number): Uint8Array =>
  Uint8Array.from({ length: 784 }, (_, at) => {
    const across = kind === 0 ? at % 28 : Math.floor(at / 28);
    return Math.abs(across - 10 - place) < 3 ? 220 : 0;
  });

let packets = 0;
/** Packets of a picture, as a driver sends them. The clock of the camera differs from that of the robot. */
function packetsOf(seen: Uint8Array, begin: number): Fields[] {
  const { address, time } = camera.see(seen);
  return Array.from({ length: long / lasts }, (_, k) => {
    const within = [...time.keys()].filter((at) => Math.floor(time[at] / lasts) === k);
    const first = begin + (time[within[0]] ?? k * lasts);
    const events = within.map((at): TestEvent => {
      const place = address[at];
      return { x: columnOf(place), y: rowOf(place), on: polarityOf(place) === 1, t: 77_777 + begin + time[at] };
    });
    return {
      header: { stamp: toStamp(BigInt(first) * 1000n), frame_id: 'event_camera' },
      ...{ width: 34, height: 34, seq: packets++, time_base: 0, encoding: 'evt3', is_bigendian: false },
      events: evt3(events, true),
    };
  });
}

/** Bags hold 64-bit numbers as bigint. */
const forBag = (message: Fields): Fields =>
  'seq' in message ? { ...message, seq: BigInt(Number(message['seq'])), time_base: 0n } : { ...message, kind: 0 };

/** Stands for no decision, with stamp 0. */
const never = { header: { stamp: { sec: 0, nanosec: 0 }, frame_id: '' } } as Decision;
const stampOf = ({ header }: Decision): bigint =>
  BigInt(header.stamp.sec) * 1_000_000_000n + BigInt(header.stamp.nanosec);

it('the node decides and learns packets of an event camera, and a replay of their bag learns the same bits', async () => {
  const { peer } = world;
  const names = ['stands', 'lies'];
  const right: boolean[] = [];
  let labelled = 0;
  for (let round = 0; round < 12; round++) {
    const kind = round % 2;
    const begin = 1_000_000 + round * 1_000_000;
    const messages = packetsOf(picture(kind, round % 5), begin);
    for (const message of messages) sent.push({ topic: '/events', type: type.events, message });
    await peer.forget('decision');
    await peer.publish(type.events, '/events', messages, { qos });
    const last = async (): Promise<Decision | undefined> => (await peer.messages<Decision>('decision', 0)).at(-1);
    // Samples are due every 50 ms from the first packet on. The last one is due 250 ms after it.
    await expect
      .poll(async () => Number(stampOf((await last()) ?? never)) / 1000, { timeout: 30_000 })
      .toBeGreaterThanOrEqual(begin + 250_000);
    const decided = (await last()) ?? never;
    if (round >= 6) right.push(decided.label === names[kind]);
    const label = { header: { ...decided.header, frame_id: '' }, label: names[kind] };
    sent.push({ topic: '/label', type: type.label, message: label });
    await peer.publish(type.label, '/label', [label], { qos });
    await peer.messages('status', 1, { where: { labelled: ++labelled } });
  }
  expect(right).toEqual(right.map(() => true));
  const { success, message } = await peer.call('std_srvs/srv/Trigger', '/topspark/save_checkpoint');
  expect(success).toBe(true);
  const path = join(folder, 'events.mcap');
  const bag = await BagWriter.create(path);
  for (const [at, each] of sent.entries()) {
    await bag.write(each.topic, each.type, BigInt(at + 1) * 1_000_000n, forBag(each.message));
  }
  await bag.close();
  const replay = [main, 'replay', path, ...sensor, '--mode', 'FULL', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, replay);
  const replayed = JSON.parse(stdout) as { weightsHash: string; messages: number; refusedByCause: object };
  expect(message).toContain(replayed.weightsHash);
  // In the first window after each gap between recordings hardly anything moved.
  expect(replayed).toMatchObject({ messages: sent.length, refusedByCause: { events_few: 11 } });
});

it('the diagnostics count lost packets of an event camera', async () => {
  packets += 3;
  const messages = packetsOf(picture(0, 2), 20_000_000);
  await world.peer.publish(type.events, '/events', messages, { qos });
  await world.diagnostic('/topspark', 'events', 'Packets lost', (value) => value === '3');
});
