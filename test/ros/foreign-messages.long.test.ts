import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { topspark_msgs } from 'rclnodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildForeignMessages, forgetForeignMessages } from './support/foreign-messages.js';
import { image, sensorQos } from './support/images.js';
import type { Outcome } from './support/peer.js';
import { as, setParameter } from './support/parameters.js';
import { World } from './support/world.js';

const example = fileURLToPath(new URL('../../examples/slow_in_doorways.py', import.meta.url));
let folder: string;
let world: World;
let slow: ChildProcess;
let next = 0;

interface Limit {
  readonly percentage: boolean;
  readonly speed_limit: number;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-foreign-'));
  const sourced = buildForeignMessages(folder);
  world = await World.open(sourced);
  const node = world.startWith(sourced, '-p', 'place.dwell:=0.1');
  await node.waitForLog('active', 180);
  expect(node.lines.some(({ msg }) => msg.includes('is off'))).toBe(false);
  slow = spawn('python3', [example, '--ros-args', '-p', 'percentage:=40.0'], {
    env: { ...world.environment, ...sourced },
  });
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
}, 900_000);
afterAll(async () => {
  slow.kill('SIGINT');
  await world.close();
  forgetForeignMessages();
  rmSync(folder, { recursive: true });
});

async function see(kind: number): Promise<topspark_msgs.msg.Decision> {
  await world.peer.forget('decision');
  await world.peer.publish('sensor_msgs/msg/Image', '/image', [image(next++, kind)], { qos: sensorQos });
  return (await world.peer.messages<topspark_msgs.msg.Decision>('decision', 1))[0];
}

const teach = (label: string): Promise<Outcome> =>
  world.peer.call('topspark_msgs/srv/Teach', '/topspark/teach', { label, duration: { sec: 0, nanosec: 0 } });

describe('with vision_msgs, visualization_msgs and nav2_msgs sourced', () => {
  it('Nav2 gets a speed limit while the robot is in a doorway, and only then', async () => {
    for (const [kind, name] of [
      [1, 'doorway'],
      [4, 'room'],
    ] as const) {
      for (let k = 0; k < 3; k++) {
        await see(kind);
        expect((await teach(name)).success).toBe(true);
      }
    }
    await world.peer.subscribe('limit', 'nav2_msgs/msg/SpeedLimit', '/speed_limit');
    const limitAt = async (kind: number): Promise<Limit | undefined> => {
      for (let k = 0; k < 10; k++) await see(kind);
      return (await world.peer.messages<Limit>('limit', 0)).at(-1);
    };
    for (const [kind, speed_limit] of [
      [1, 40],
      [4, 0],
      [1, 40],
    ]) {
      await expect.poll(() => limitAt(kind), { timeout: 30_000 }).toMatchObject({ percentage: true, speed_limit });
    }
    expect(await setParameter(world.peer, '/topspark', 'place.dwell', as.double(0))).toBe('');
  });

  it('~/classification has the answer with its confidence among all alternatives, the likeliest first', async () => {
    await world.peer.subscribe('classification', 'vision_msgs/msg/Classification', '/topspark/classification');
    interface Classification {
      readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number } };
      readonly results: readonly { readonly class_id: string; readonly score: number }[];
    }
    await expect
      .poll(
        async () => {
          const decision = await see(1);
          const all = await world.peer.messages<Classification>('classification', 0);
          const own = all.find(({ header }) => header.stamp.nanosec === decision.header.stamp.nanosec);
          if (own === undefined) return undefined;
          const scores = own.results.map(({ score }) => score);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
          expect(scores.reduce((sum, score) => sum + score, 0)).toBeLessThanOrEqual(1 + 1e-9);
          const answer = own.results.find(({ class_id: name }) => name === decision.label);
          expect(answer?.score).toBeCloseTo(decision.confidence, 6);
          return answer?.class_id;
        },
        { timeout: 30_000 },
      )
      .toBe('doorway');
  });

  it('~/marker shows the answer as a text', async () => {
    await world.peer.subscribe('marker', 'visualization_msgs/msg/Marker', '/topspark/marker');
    const shown = async (): Promise<unknown> => {
      await see(4);
      return (await world.peer.messages('marker', 0)).at(-1);
    };
    await expect.poll(shown, { timeout: 30_000 }).toMatchObject({
      header: { frame_id: 'camera' },
      ns: 'topspark',
      type: 9,
      action: 0,
      text: expect.stringMatching(/^room \d+\.\d %$/) as string,
    });
  });
});

it('the example says what is missing when nav2_msgs is not sourced', () => {
  const { status, stderr } = spawnSync('python3', [example], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('nav2_msgs is not sourced');
});
