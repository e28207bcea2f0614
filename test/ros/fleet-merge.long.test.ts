import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Random } from '../../src/base/random.js';
import { PageSocket } from '../dashboard/page-socket.js';
import { DashboardProcess } from './support/dashboard-process.js';
import { label, sensorQos } from './support/images.js';
import type { Decision, Status } from './support/messages.js';
import type { NodeProcess } from './support/node-process.js';
import type { Outcome } from './support/peer.js';
import { imageOfKind, putCheckpoint, taughtSnapshot } from './support/taught-checkpoint.js';
import { World } from './support/world.js';

interface FleetStatus {
  readonly robots: readonly string[];
  readonly held: readonly number[];
  readonly merged: readonly number[];
  readonly neurons: readonly number[];
  readonly merge: string;
  readonly merge_kept: boolean;
  readonly merge_samples: number;
  readonly accuracy_after: number;
  readonly merge_undo: string;
}

const poll = { timeout: 60_000 };
const latched = { durability: 'transient_local', depth: 1 } as const;
const deep = { ...sensorQos, depth: 30 };
/** Larger than any sample number in the checkpoints, so that stamps increase. */
const first = 1000;
const random = new Random(77);
/** Weights of robots, on the nodes and offline. */
const weights = 'robot3=0.9';
let world: World;
let next = first;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const directory = (robot: string): string => join(world.folder, robot);
const stepOf = (robot: string): string => join(directory(robot), 'checkpoint-before-merge.safetensors');

function start(robot: string, ...more: string[]): NodeProcess {
  const own = ['-r', `__ns:=/${robot}`, '-p', `checkpoint.directory:=${directory(robot)}`];
  const fleet = ['-p', 'fleet.name:=yard', '-p', `fleet.robot:=${robot}`, '-p', 'fleet.share_every:=1.0'];
  const weighing = ['-p', `fleet.weights:=${weights}`];
  const rate = ['-p', 'fleet.rate:=8000.0', '-p', 'fleet.burst:=65536'];
  // Deep enough that a busy machine loses no image on the way to the node.
  const queue = ['-p', `qos_overrides./${robot}/image.subscription.depth:=30`];
  return world.start(...own, ...fleet, ...weighing, ...rate, ...queue, ...more);
}

const trigger = (robot: string, name: string): Promise<Outcome> =>
  world.peer.call('std_srvs/srv/Trigger', `/${robot}/topspark/${name}`);

/** Hash of the weights of a robot. */
async function weightsOf(robot: string): Promise<string> {
  const { message } = await trigger(robot, 'save_checkpoint');
  return message.split('weights ')[1];
}

/** Hash of the weights of an offline merge of the state before with files of others. */
function offLine(robot: string, ...others: string[]): string {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const output = join(world.folder, 'off-line.safetensors');
  const given = others.map((other) => join(directory(robot), 'fleet', `${other}.shared`));
  const args = ['fleet', 'merge', stepOf(robot), ...given, '--robot', robot, '--weights', weights];
  const { stdout, stderr } = spawnSync(process.execPath, [main, ...args, '--output', output, '--json'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { weightsHash: string }).weightsHash;
}

async function fleetOf(robot: string, fits: (status: FleetStatus) => boolean): Promise<FleetStatus> {
  let last: FleetStatus | undefined;
  await vi.waitUntil(
    async () => {
      last = (await world.peer.messages<FleetStatus>(`fleet ${robot}`, 1, { timeout: 60 })).at(-1);
      return last !== undefined && fits(last);
    },
    { timeout: 60_000, interval: 100 },
  );
  if (last === undefined) throw new Error(`${robot} tells nothing of its fleet`);
  return last;
}

const holds =
  (...others: string[]) =>
  ({ robots, held }: FleetStatus): boolean =>
    others.every((other) => held[robots.indexOf(other)] > 0);

/** Shows pictures of these kinds, and returns the answers. */
async function answers(robot: string, kinds: readonly number[]): Promise<string[]> {
  await world.peer.forget(`decision ${robot}`);
  const images = kinds.map((kind) => imageOfKind(kind, next++, random));
  await world.peer.publish('sensor_msgs/msg/Image', `/${robot}/image`, images, { qos: deep, rate: 20 });
  const decisions = await world.peer.messages<Decision>(`decision ${robot}`, kinds.length);
  return decisions.map(({ label: found }) => found);
}

const shares = (found: readonly string[], kinds: readonly number[]): number =>
  found.filter((answer, k) => answer === `kind ${kinds[k]}`).length / kinds.length;

async function listen(robot: string): Promise<void> {
  const { peer } = world;
  await peer.subscribe(`fleet ${robot}`, 'topspark_msgs/msg/FleetStatus', `/${robot}/topspark/fleet`, latched);
  await peer.subscribe(`status ${robot}`, 'topspark_msgs/msg/Status', `/${robot}/topspark/status`, { depth: 100 });
  await peer.subscribe(`decision ${robot}`, 'topspark_msgs/msg/Decision', `/${robot}/topspark/decision`, {
    depth: 1000,
  });
}

const connect = (robot: string): Promise<void> =>
  world.connect(`/${robot}/topspark`, 'image', 'sensor_msgs/msg/Image', `/${robot}/image`, deep);

describe('a merge on a running node', () => {
  it('answers the classes of the other robots, decides meanwhile, and loses no label', async () => {
    const { peer } = world;
    const kinds = { robot1: [0, 1, 2], robot2: [3, 4, 5], robot3: [6, 7, 8] };
    for (const [robot, own] of Object.entries(kinds)) {
      putCheckpoint(directory(robot), taughtSnapshot(own, 900, own[0] + 1));
      await listen(robot);
    }
    const two = start('robot2', '-p', 'fleet.merge:=asked');
    await two.waitForLog('active');
    await connect('robot2');
    const foreign = Array.from({ length: 21 }, (_, k) => k % 3);
    expect(shares(await answers('robot2', foreign), foreign)).toBe(0);
    // No other robot shares anything yet.
    expect(await trigger('robot2', 'merge')).toMatchObject({ success: false });
    start('robot1', '-p', 'fleet.merge:=asked');
    start('robot3', '-p', 'fleet.merge:=asked');
    await fleetOf('robot2', holds('robot1', 'robot3'));

    // Without samples meanwhile: bit for bit the result of an offline merge.
    const before = await weightsOf('robot2');
    const merged = await trigger('robot2', 'merge');
    expect(merged.message).toContain('merged with robot1, robot3');
    expect(merged.success).toBe(true);
    const hash = await weightsOf('robot2');
    expect(hash).toBe(offLine('robot2', 'robot1', 'robot3'));
    expect(hash).not.toBe(before);
    const status = await fleetOf('robot2', ({ merge }) => merge !== '');
    expect(status).toMatchObject({ merge_kept: true, merge_undo: 'checkpoint-before-merge.safetensors' });
    expect(status.merge_samples).toBeGreaterThan(100);
    expect(status.merged).toEqual(status.held);
    expect(Math.min(...status.neurons)).toBeGreaterThan(0);
    const all = Array.from({ length: 45 }, (_, k) => k % 9);
    expect(shares(await answers('robot2', all), all)).toBeGreaterThan(0.8);
    await world.diagnostic('/robot2/topspark', 'fleet', 'Merged robots', (value) => value === 'robot1, robot3');

    // Restore the state before, then merge again while samples arrive.
    const undone = await peer.call('topspark_msgs/srv/LoadCheckpoint', '/robot2/topspark/load_checkpoint', {
      name: status.merge_undo,
    });
    expect(undone.success).toBe(true);
    expect(await weightsOf('robot2')).toBe(before);
    const shown = 60;
    await peer.forget('decision robot2');
    await peer.forget('status robot2');
    const begun = next;
    const film = Array.from({ length: shown }, () => imageOfKind(next % 2, next++, random));
    const filmed = peer.publish('sensor_msgs/msg/Image', '/robot2/image', film, { qos: deep, rate: 20 });
    await peer.messages('decision robot2', 5);
    const calls = [trigger('robot2', 'merge'), peer.call('lifecycle_msgs/srv/GetState', '/robot2/topspark/get_state')];
    const [again] = await Promise.all(calls);
    expect(again.success).toBe(true);
    await filmed;
    const decisions = await peer.messages<Decision>('decision robot2', shown);
    expect(decisions).toHaveLength(shown);
    // Labels of all samples: decided before, during and after the merge.
    const labels = Array.from({ length: shown }, (_, k) => label(begun + k, `kind ${(begun + k) % 2}`));
    const labelled = (await peer.messages<Status>('status robot2', 1)).at(-1)?.labelled ?? 0;
    await peer.publish('topspark_msgs/msg/Label', '/robot2/label', labels, { qos: { depth: 100 }, rate: 100 });
    await peer.messages<Status>('status robot2', 1, { where: { labelled: labelled + shown }, timeout: 30 });
    // No sample and no label was dropped. Another robot may have been too busy to answer in time; it is asked again.
    const causes = (await peer.messages<Status>('status robot2', 1)).at(-1)?.dropped_causes ?? ['no status'];
    expect(causes.filter((cause) => cause !== 'fleet_silent')).toEqual([]);
    expect(shares(await answers('robot2', all), all)).toBeGreaterThan(0.8);
  }, 180_000);

  it('is shown on the page, and can be requested there', async () => {
    const dashboard = await DashboardProcess.start(world.environment, '/robot2/topspark');
    try {
      const page = await PageSocket.open(`${dashboard.url.replace(/^http/, 'ws')}node`);
      await expect.poll(() => page.view.fleet?.robots.map(({ name }) => name), poll).toEqual(['robot1', 'robot3']);
      await expect.poll(() => page.view.silence, poll).toBe('');
      // The service may be discovered after the topics: a person asks again.
      const merge = async (): Promise<unknown> => {
        const asked = page.send({ do: 'merge' });
        await expect.poll(() => page.reply(asked), poll).toBeDefined();
        return page.reply(asked);
      };
      const message = expect.stringMatching(/^merged with robot1, robot3/) as string;
      await expect.poll(merge, { ...poll, interval: 1000 }).toMatchObject({ ok: true, message });
      const { fleet } = page.view;
      expect(fleet).toMatchObject({ name: 'yard', robot: 'robot2', undo: 'checkpoint-before-merge.safetensors' });
      expect(fleet?.received).toBeGreaterThan(100_000);
      for (const { held, merged, chunks, chunksHeld } of fleet?.robots ?? []) {
        expect(merged).toBe(held);
        expect(chunksHeld).toBe(chunks);
      }
      await page.close();
    } finally {
      await dashboard.end();
    }
  }, 120_000);

  it('can forget a robot, which gives the weights of a merge without it', async () => {
    const { peer } = world;
    // From the state before, without samples since.
    const load = { name: 'checkpoint-before-merge.safetensors' };
    await peer.call('topspark_msgs/srv/LoadCheckpoint', '/robot2/topspark/load_checkpoint', load);
    expect((await trigger('robot2', 'merge')).success).toBe(true);
    const without = offLine('robot2', 'robot1');
    const forget = (robot: string): Promise<Outcome> =>
      peer.call('topspark_msgs/srv/ForgetRobot', '/robot2/topspark/forget_robot', { robot });
    expect(await forget('robot33')).toMatchObject({ success: false });
    const { success, message } = await forget('robot3');
    expect(message).toContain('robot3 is forgotten');
    expect(success).toBe(true);
    expect(await weightsOf('robot2')).toBe(without);
    const { robots } = await fleetOf('robot2', (status) => !status.robots.includes('robot3'));
    expect(robots).toEqual(['robot1']);
  }, 120_000);
});
