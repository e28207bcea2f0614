import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, sensorQos } from './support/images.js';
import type { Decision, Status } from './support/messages.js';
import { dropped } from './support/messages.js';
import type { Outcome } from './support/peer.js';
import { World } from './support/world.js';

interface Taught extends Outcome {
  readonly samples: number;
}

interface Classes {
  readonly labels: readonly string[];
  readonly heard: readonly number[];
  readonly neurons: readonly number[];
  readonly last_seen: readonly { readonly sec: number; readonly nanosec: number }[];
}

interface LabelHeard {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number } };
  readonly label: string;
  readonly kind: number;
}

let world: World;
let next = 0;
const checkpoints = (): string => join(world.folder, 'topspark', 'topspark');

beforeAll(async () => {
  world = await World.open();
  await world.startActive('-p', "teach.buttons:=', stairs'");
  const { peer } = world;
  const reliable = { depth: 100 };
  await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', reliable);
  await peer.subscribe('taught', 'topspark_msgs/msg/Label', '/topspark/taught', reliable);
  await peer.subscribe('edit', 'topspark_msgs/msg/ClassEdit', '/topspark/class_edit', reliable);
  await peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 1 });
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
});
afterAll(() => world.close());

async function decide(kind: number): Promise<Decision> {
  await world.peer.forget('decision');
  await world.peer.publish('sensor_msgs/msg/Image', '/image', [image(next++, kind)], { qos: sensorQos });
  const [decision] = await world.peer.messages<Decision>('decision', 1);
  return decision;
}

const teach = (name: string, sec = 0): Promise<Taught> =>
  world.peer.call<Taught>('topspark_msgs/srv/Teach', '/topspark/teach', { label: name, duration: { sec, nanosec: 0 } });
const forget = (name: string): Promise<Outcome> =>
  world.peer.call('topspark_msgs/srv/ForgetClass', '/topspark/forget_class', { label: name });
const rename = (name: string, newName: string): Promise<Outcome> =>
  world.peer.call('topspark_msgs/srv/RenameClass', '/topspark/rename_class', { label: name, new_label: newName });
const classes = (): Promise<Classes> => world.peer.call<Classes>('topspark_msgs/srv/ListClasses', '/topspark/classes');

describe('~/teach', () => {
  it('refuses while no sample has come, with a reason', async () => {
    const { success, samples, message } = await teach('kitchen');
    expect({ success, samples }).toEqual({ success: false, samples: 0 });
    expect(message).toMatch(/^there was no sample in the last 5 s to be called "kitchen": is the sensor running/);
  });

  it('labels the newest sample; the answer uses it, and ~/taught reports it', async () => {
    await decide(1);
    expect(await teach(' kitchen ')).toMatchObject({ success: true, samples: 1 });
    const [label] = await world.peer.messages<LabelHeard>('taught', 1);
    expect(label).toMatchObject({ label: 'kitchen', kind: 4 });
    expect(await decide(1)).toMatchObject({ label: 'kitchen' });
  });

  it('labels all samples within its duration, and returns their number at its end', async () => {
    await decide(4);
    const answer = teach('hall', 2);
    // Stamps of the pictures are a tenth of a second apart or more.
    for (let k = 0; k < 5; k++) await decide(4);
    const ended = await teach('');
    expect(ended).toEqual({ success: true, samples: 0, message: 'teaching has ended' });
    const { success, samples } = await answer;
    expect(success).toBe(true);
    expect(samples).toBeGreaterThan(1);
    const { labels, heard, last_seen: seen } = await classes();
    expect(labels).toEqual(['kitchen', 'hall']);
    expect(heard.map(Number)).toEqual([1, samples]);
    expect(seen[1].sec + seen[1].nanosec).toBeGreaterThan(0);
  });

  it('is saved within ten seconds, although nothing else asks for it', async () => {
    const folder = checkpoints();
    await expect
      .poll(() => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.safetensors')), {
        timeout: 10_000,
      })
      .toBe(true);
  });
});

// Another quality of service would be another publisher, which the node may not have met yet.
const connected = { qos: { depth: 100 } };

describe('~/label', () => {
  it('labels the newest sample with a zero stamp, and a second label corrects it', async () => {
    await decide(7);
    await world.connect('/topspark', 'label', 'topspark_msgs/msg/Label', '/label', connected.qos);
    await world.peer.forget('taught');
    await world.peer.publish('topspark_msgs/msg/Label', '/label', [{ label: 'wrong', kind: 2 }], connected);
    const [first] = await world.peer.messages<LabelHeard>('taught', 1);
    expect(first).toMatchObject({ label: 'wrong', kind: 2 });
    await world.peer.publish(
      'topspark_msgs/msg/Label',
      '/label',
      [{ header: first.header, label: 'bath', kind: 2 }],
      connected,
    );
    await expect.poll(async () => (await classes()).labels).toContain('bath');
    const { labels, heard } = await classes();
    expect(heard[labels.indexOf('wrong')]).toBe(0);
    expect(heard[labels.indexOf('bath')]).toBe(1);
    expect((await forget('wrong')).success).toBe(true);
  });

  it('refuses and counts a label of an unknown kind', async () => {
    await world.peer.publish('topspark_msgs/msg/Label', '/label', [{ label: 'a', kind: 77 }], connected);
    await expect
      .poll(async () => {
        const [status] = await world.peer.messages<Status>('status', 1);
        await world.peer.forget('status');
        return dropped(status, 'label_kind');
      })
      .toBe(1);
  });
});

describe('a joystick', () => {
  it('teaches the class of a button while it is held', async () => {
    const joy = (...buttons: number[]): object => ({ axes: [], buttons });
    await decide(8);
    await world.peer.publish('sensor_msgs/msg/Joy', '/joy', [joy(0, 0), joy(0, 1)] as never, { rate: 5 });
    await expect.poll(async () => (await classes()).labels).toContain('stairs');
    await decide(8);
    await decide(8);
    await world.peer.publish('sensor_msgs/msg/Joy', '/joy', [joy(0, 0)] as never);
    const heard = async (): Promise<number> => {
      const { labels, heard: counts } = await classes();
      return counts[labels.indexOf('stairs')];
    };
    await expect.poll(heard).toBeGreaterThanOrEqual(3);
    const before = await heard();
    await decide(8);
    await decide(8);
    expect(await heard()).toBeLessThanOrEqual(before + 1);
    expect((await forget('stairs')).success).toBe(true);
  });
});

describe('classes', () => {
  it('are forgotten, and saved before the reply', async () => {
    const before = readdirSync(checkpoints());
    const { success, message } = await forget('bath');
    expect(success).toBe(true);
    expect(message).toMatch(
      /^class "bath", which had 1 labels, is forgotten; saved checkpoint-\d+\.safetensors, weights/,
    );
    const [, name] = /saved (checkpoint-\d+\.safetensors)/.exec(message) ?? [];
    expect(before).not.toContain(name);
    expect(readdirSync(checkpoints())).toContain(name);
    const edits = await world.peer.messages<{ label: string; new_label: string }>('edit', 2);
    expect(edits.at(-1)).toMatchObject({ label: 'bath', new_label: '' });
    expect((await classes()).labels).toEqual(['kitchen', 'hall']);
  });

  it('are renamed, and two become one', async () => {
    for (let k = 0; k < 4; k++) {
      await decide(1);
      await teach('kitchen');
    }
    expect((await rename('kitchen', 'cuisine')).message).toMatch(/^class "kitchen" is called "cuisine" now; saved/);
    expect(await decide(1)).toMatchObject({ label: 'cuisine', classes: ['cuisine', 'hall'] });
    expect((await rename('hall', 'cuisine')).message).toMatch(/^class "hall" is one with "cuisine" now; saved/);
    expect(await decide(4)).toMatchObject({ label: 'cuisine', classes: ['cuisine'] });
  });

  it('are refused when they are unknown or their names invalid', async () => {
    expect(await forget('kuche')).toMatchObject({
      success: false,
      message: expect.stringContaining('there is no class') as string,
    });
    expect(await rename('cuisine', ' ')).toMatchObject({
      success: false,
      message: 'the new name of class "cuisine" is empty, expected a name; ~/forget_class forgets a class',
    });
    expect((await teach('x'.repeat(300))).message).toContain('(300 characters)');
    expect((await classes()).labels).toEqual(['cuisine']);
  });
});
