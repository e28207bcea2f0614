import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { image, sensorQos } from './support/images.js';
import type { NodeProcess } from './support/node-process.js';
import { putCheckpoint, taughtSnapshot } from './support/taught-checkpoint.js';
import type { Decision } from './support/messages.js';
import { World } from './support/world.js';

interface FleetStatus {
  readonly robot: string;
  readonly version: number;
  readonly robots: readonly string[];
  readonly offered: readonly number[];
  readonly held: readonly number[];
  readonly chunks: readonly number[];
  readonly chunks_held: readonly number[];
  readonly notes: readonly string[];
  readonly received_bytes: number;
  readonly dropped_causes: readonly string[];
}

const latched = { durability: 'transient_local', depth: 1 } as const;
let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const directory = (robot: string): string => join(world.folder, robot);

/** Starts a robot of the fleet with the checkpoint in its folder. */
function start(robot: string, ...more: string[]): NodeProcess {
  const fleet = ['-p', 'fleet.name:=yard', '-p', `fleet.robot:=${robot}`];
  // 8 Mbit/s.
  const rate = [
    '-p',
    'fleet.rate:=8000.0',
    '-p',
    'fleet.burst:=65536',
    '-p',
    'fleet.share_every:=1.0',
    '-p',
    'fleet.merge:=asked',
  ];
  return world.start(
    '-r',
    `__ns:=/${robot}`,
    '-p',
    `checkpoint.directory:=${directory(robot)}`,
    ...fleet,
    ...rate,
    ...more,
  );
}

/** Waits until a robot holds everything that the others offer. */
async function complete(robot: string, others: readonly string[]): Promise<FleetStatus> {
  let last: FleetStatus | undefined;
  await vi.waitUntil(
    async () => {
      const statuses = await world.peer.messages<FleetStatus>(`fleet ${robot}`, 1, { timeout: 60 });
      last = statuses.at(-1);
      const { robots = [], offered = [], held = [] } = last ?? {};
      return others.every((other) => {
        const at = robots.indexOf(other);
        return at >= 0 && offered[at] > 0 && held[at] === offered[at];
      });
    },
    { timeout: 60_000, interval: 100 },
  );
  if (last === undefined) throw new Error(`${robot} tells nothing of its fleet`);
  return last;
}

describe('a fleet on one subnet', () => {
  it('shares everything within 30 s at 8 Mbit/s, with one robot killed and one late, and loses no decision', async () => {
    const robots = ['robot1', 'robot2', 'robot3'];
    for (const [at, robot] of robots.entries()) {
      putCheckpoint(directory(robot), taughtSnapshot([3 * at, 3 * at + 1, 3 * at + 2], 900, at + 1));
      await world.peer.subscribe(
        `fleet ${robot}`,
        'topspark_msgs/msg/FleetStatus',
        `/${robot}/topspark/fleet`,
        latched,
      );
    }
    await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/robot2/topspark/decision', { depth: 1000 });
    // Deep enough that a busy machine loses no image on the way to the node.
    const queue = ['-p', 'qos_overrides./robot2/image.subscription.depth:=30'];
    const two = start('robot2', ...queue);
    await two.waitForLog('active');
    await world.connect('/robot2/topspark', 'image', 'sensor_msgs/msg/Image', '/robot2/image');
    const shown = 300;
    const pictures = Array.from({ length: shown }, (_, k) => image(k));
    const film = world.peer.publish('sensor_msgs/msg/Image', '/robot2/image', pictures, {
      qos: { ...sensorQos, depth: 30 },
      rate: 10,
    });

    const one = start('robot1');
    const part = join(directory('robot2'), 'fleet', 'robot1.part');
    await vi.waitUntil(() => existsSync(part) && statSync(part).size > 100_000, { timeout: 60_000, interval: 5 });
    await one.end('SIGKILL');
    const kept = statSync(part).size;
    const begun = performance.now();
    start('robot1');
    start('robot3');
    for (const robot of robots) {
      const status = await complete(
        robot,
        robots.filter((each) => each !== robot),
      );
      expect(status.notes).toEqual(['', '']);
    }
    const seconds = (performance.now() - begun) / 1000;
    await vi.waitUntil(() => !existsSync(part), { timeout: 10_000, interval: 20 });
    const bytes = (await complete('robot2', [])).received_bytes;
    process.stdout.write(
      `fleet: complete ${seconds.toFixed(1)} s after the kill; robot2 received ${bytes} bytes, ${kept} before the kill\n`,
    );
    expect(seconds).toBeLessThan(30);
    await film;
    const decisions = await world.peer.messages<Decision>('decision', shown, { timeout: 60 });
    expect(decisions).toHaveLength(shown);
  }, 180_000);
});
