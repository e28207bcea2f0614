import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { image, sensorQos } from './support/images.js';
import type { NodeProcess } from './support/node-process.js';
import { World } from './support/world.js';

/** A file system of its own needs the right to mount. */
function mounts(folder: string): boolean {
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let world: World;
let folder: string;
let mounted: boolean;

beforeAll(async () => {
  world = await World.open();
  folder = join(world.folder, 'small-disk');
  mounted = mounts(folder);
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 1000 });
});
afterAll(async () => {
  if (mounted) execFileSync('umount', ['--lazy', folder]);
  await world.close();
});

const saved = (node: NodeProcess): string[] =>
  node.lines.flatMap(({ msg }) => /^saved (\S+),/.exec(msg)?.slice(1) ?? []);

/** Fills the rest of the disk, to the last byte. */
function fill(file: string): void {
  for (const size of [2 ** 20, 2 ** 12, 1]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size, 1), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}

describe('a full disk', () => {
  it('costs no decision and no older checkpoint, is reported and counted, and saving resumes once there is room', async ({
    skip,
  }) => {
    skip(!mounted, 'no right to mount a file system');
    const { peer } = world;
    const node = await world.startActive(
      ...['-p', `checkpoint.directory:=${folder}`, '-p', 'checkpoint.interval:=1.0', '-p', 'checkpoint.keep:=2'],
    );
    await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
    let shown = 0;
    const show = (count: number): Promise<unknown> => {
      const images = Array.from({ length: count }, () => image(shown++));
      return peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 40 });
    };
    const until = async (happened: () => boolean): Promise<void> => {
      for (let turn = 0; turn < 30 && !happened(); turn++) await show(20);
      expect(happened()).toBe(true);
    };
    await until(() => saved(node).length > 0);
    fill(join(folder, 'ballast'));
    const failed = (): boolean => node.lines.some(({ level, msg }) => level === 50 && msg.includes('ENOSPC'));
    await until(failed);
    const [older] = saved(node).slice(-1);
    await world.diagnostic('/topspark', 'checkpoint', 'Failed writes', (value) => Number(value) > 0);
    expect(decodeSnapshot(readFileSync(join(folder, older)), older).weightsHash).toMatch(/^[0-9a-f]{64}$/);
    await peer.forget('decision');
    await show(20);
    expect(await peer.messages('decision', 1)).not.toEqual([]);
    expect(saved(node).at(-1)).toBe(older);
    rmSync(join(folder, 'ballast'));
    await until(() => saved(node).at(-1) !== older);
    expect(await node.end('SIGINT')).toMatchObject({ code: 0, signal: null });
    expect(node.other).toBe('');
  });
});
