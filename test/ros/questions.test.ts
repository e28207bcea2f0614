import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { image, stampOf } from './support/images.js';
import type { Status } from './support/messages.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

interface Question {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number }; readonly frame_id: string };
  readonly candidates: readonly string[];
  readonly confidences: readonly number[];
  readonly why: number;
  readonly kind: number;
  readonly time_left: number;
}

const imageType = 'sensor_msgs/msg/Image';
const labelType = 'topspark_msgs/msg/Label';
const reliable = { depth: 100 } as const;
const often = ['-p', 'energy_mode.forced:=FULL', '-p', 'question.per_hour:=3600.0', '-p', 'question.per_minute:=60.0'];
const deep = [
  '-p',
  'qos_overrides./image.subscription.reliability:=reliable',
  '-p',
  'qos_overrides./image.subscription.depth:=100',
];

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

async function start(...parameters: string[]): Promise<void> {
  await world.startActive(...often, ...deep, ...parameters);
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 500 });
  await world.peer.subscribe('question', 'topspark_msgs/msg/Question', '/topspark/question', { depth: 500 });
  await world.connect('/topspark', 'image', imageType, '/image', reliable);
}

/** Shows images, 20 ms apart by their stamps, and waits for their decisions. */
async function see(from: number, to: number): Promise<void> {
  for (let k = from; k < to; k++) {
    await world.peer.publish(imageType, '/image', [image(k)], { qos: reliable });
    await world.peer.messages('decision', k + 1);
  }
}

describe('questions over ROS', () => {
  it('are asked about samples, and answered by a label with the stamp and kind of each', async () => {
    await start();
    await world.connect('/topspark', 'label', labelType, '/label', reliable);
    const answered = new Set<string>();
    for (let k = 0; k < 300; k += 50) {
      await see(k, k + 50);
      for (const { header, kind } of await world.peer.messages<Question>('question', 1)) {
        const id = `${header.stamp.sec}.${header.stamp.nanosec}`;
        if (answered.has(id)) continue;
        answered.add(id);
        const answer = { header: { stamp: header.stamp, frame_id: '' }, label: `kind ${k % 2}`, kind };
        await world.peer.publish(labelType, '/label', [answer], { qos: reliable });
      }
      await world.peer.messages<Status>('status', 1, { where: { labelled: answered.size, decided: k + 50 } });
    }
    const questions = await world.peer.messages<Question>('question', 4);
    expect(questions[0]).toMatchObject({ candidates: [], why: 0, kind: 3, header: { frame_id: 'camera' } });
    expect(new Set(questions.map(({ why, kind }) => `${why} ${kind}`)).has('2 1')).toBe(true);
    expect(questions.at(-1)?.candidates.length).toBeGreaterThan(0);
    expect(questions.at(-1)?.confidences.length).toBe(questions.at(-1)?.candidates.length);
    const [status] = (
      await world.peer.messages<Status & { readonly questions: number }>('status', 1, { where: { decided: 300 } })
    ).slice(-1);
    expect(status).toMatchObject({ questions: questions.length, dropped_causes: [] });
  });

  it('are not asked while odometry exceeds question.max_speed', async () => {
    await start('-p', 'question.max_speed:=0.5');
    await see(0, 10);
    const motion = (k: number, x: number): Fields => ({
      header: { stamp: stampOf(k), frame_id: 'odom' },
      twist: { twist: { linear: { x, y: 0, z: 0 } } },
    });
    // Until the node receives it.
    let k = 10;
    const asks = async (): Promise<void> => {
      await world.peer.publish('nav_msgs/msg/Odometry', '/odom', [motion(k, 0.2)]);
      await see(k, ++k);
      expect(await world.peer.messages('question', 0)).not.toEqual([]);
    };
    expect(await world.peer.messages('question', 0)).toEqual([]);
    await vi.waitFor(asks, { timeout: 60_000, interval: 20 });
    await world.peer.forget('question');
    for (const end = k + 100; k < end; k++) {
      await world.peer.publish('nav_msgs/msg/Odometry', '/odom', [motion(k, 0.9)]);
      await see(k, k + 1);
    }
    // The last slow message may have been received with the first of these.
    expect((await world.peer.messages('question', 0)).length).toBeLessThanOrEqual(1);
  });
});
