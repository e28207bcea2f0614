import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BagWriter } from '../../src/bag/bag-writer.js';
import { image, sensorQos, stampOf } from './support/images.js';
import type { Decision } from './support/messages.js';
import type { Fields, Outcome } from './support/peer.js';
import { World } from './support/world.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const type = {
  image: 'sensor_msgs/msg/Image',
  label: 'topspark_msgs/msg/Label',
  edit: 'topspark_msgs/msg/ClassEdit',
} as const;
let world: World;
/** What the node received and published, in that order. */
const recorded: { topic: string; type: string; message: Fields }[] = [];
let next = 0;
const heard = { taught: 0, edit: 0 };

beforeAll(async () => {
  world = await World.open();
  await world.startActive('-p', 'energy_mode.forced:=FULL');
  const reliable = { depth: 100 };
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', reliable);
  await world.peer.subscribe('taught', type.label, '/topspark/taught', reliable);
  await world.peer.subscribe('edit', type.edit, '/topspark/class_edit', reliable);
  await world.connect('/topspark', 'image', type.image, '/image');
  await world.connect('/topspark', 'label', type.label, '/label', { depth: 100 });
});
afterAll(() => world.close());

/** Labels received per class. */
async function known(): Promise<Record<string, number>> {
  const answer = await world.peer.call<{ labels: string[]; heard: number[] }>(
    'topspark_msgs/srv/ListClasses',
    '/topspark/classes',
  );
  return Object.fromEntries(answer.labels.map((name, at) => [name, answer.heard[at]]));
}

/** Appends what the node has published since, in the order of a recorder. */
async function note(key: 'taught' | 'edit', count = 0): Promise<void> {
  // Everything that the node published before its reply has arrived by then.
  await known();
  const published = await world.peer.messages<Fields>(key, heard[key] + count);
  const topic = { taught: '/topspark/taught', edit: '/topspark/class_edit' }[key];
  const of = { taught: type.label, edit: type.edit }[key];
  for (const message of published.slice(heard[key])) recorded.push({ topic, type: of, message });
  heard[key] = published.length;
}

async function see(kind: number): Promise<Decision> {
  const message = image(next++, kind);
  recorded.push({ topic: '/image', type: type.image, message });
  await world.peer.forget('decision');
  await world.peer.publish(type.image, '/image', [message], { qos: sensorQos });
  return (await world.peer.messages<Decision>('decision', 1))[0];
}

async function label(index: number, name: string, kind: number): Promise<void> {
  const message = { header: { stamp: stampOf(index), frame_id: '' }, label: name, kind };
  recorded.push({ topic: '/label', type: type.label, message });
  await world.peer.publish(type.label, '/label', [message], { qos: { depth: 100 } });
}

const teach = (name: string, sec = 0): Promise<Outcome> =>
  world.peer.call('topspark_msgs/srv/Teach', '/topspark/teach', { label: name, duration: { sec, nanosec: 0 } });
const forget = (name: string): Promise<Outcome> =>
  world.peer.call('topspark_msgs/srv/ForgetClass', '/topspark/forget_class', { label: name });
const rename = (name: string, newName: string): Promise<Outcome> =>
  world.peer.call('topspark_msgs/srv/RenameClass', '/topspark/rename_class', { label: name, new_label: newName });

it("a replay of taught, corrected, forgotten and renamed classes ends with the node's weights, bit for bit", async () => {
  const names = ['kitchen', 'hall', 'bath', 'stairs'];
  for (let round = 0; round < 3; round++) {
    for (const [kind, name] of names.entries()) {
      await see(2 * kind);
      expect((await teach(name)).success).toBe(true);
      await note('taught');
      for (let k = 0; k < 3; k++) await see(2 * kind);
    }
  }
  // Held for a while: each of its samples is labelled.
  const held = teach('hall', 30);
  await note('taught');
  for (let k = 0; k < 3; k++) {
    await see(2);
    await note('taught');
  }
  await teach('');
  await held;
  const before = await known();
  // A wrong label is corrected, another taken back; then decisions, before which a label takes effect.
  await label(next - 1, 'bath', 2);
  await label(next - 1, 'hall', 2);
  await label(next - 2, '', 2);
  await expect.poll(known).toEqual({ ...before, hall: before['hall'] - 1 });
  await see(4);
  expect((await rename('stairs', 'hall')).success).toBe(true);
  await note('edit', 1);
  await see(6);
  expect((await rename('kitchen', 'cuisine')).success).toBe(true);
  await note('edit', 1);
  expect((await forget('bath')).success).toBe(true);
  await note('edit', 1);
  for (let k = 0; k < 20; k++) await see(2 * (k % 4));
  const { message } = await world.peer.call('std_srvs/srv/Trigger', '/topspark/save_checkpoint');
  const [, hash = 'none'] = /weights (?:sha256 )?([0-9a-f]{8,})/.exec(message) ?? [];

  const path = join(world.folder, 'taught.mcap');
  const bag = await BagWriter.create(path);
  for (const [at, { topic, type: of, message: fields }] of recorded.entries()) {
    await bag.write(topic, of, 1_000_000_000_000n + BigInt(at) * 20_000_000n, fields);
  }
  await bag.close();
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'replay', path, '--mode', 'FULL', '--json']);
  const result = JSON.parse(stdout) as { weightsHash: string; decisions: number; refusedByCause: object };
  expect(result).toMatchObject({ decisions: next, refusedByCause: {} });
  expect(result.weightsHash.startsWith(hash)).toBe(true);
  expect(Object.keys(await known())).toEqual(['cuisine', 'hall']);
});
