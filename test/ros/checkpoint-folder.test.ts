import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

describe('the folder of checkpoints', () => {
  it('belongs to one node: a second one is refused and touches nothing, a killed one leaves nothing behind', async () => {
    const first = await world.startActive();
    const folder = join(world.folder, 'topspark', 'topspark');
    writeFileSync(join(folder, '.checkpoint-00000007.safetensors.1.tmp'), 'the first one is writing this');
    const before = readdirSync(folder).sort();
    const second = world.start();
    const { msg } = await second.waitForLog('not configured');
    expect(msg).toMatch(
      /checkpoint folder .*\/topspark\/topspark is in use by \/topspark \(pid \d+ on .*\): two nodes would take each other's checkpoints; give this one a name/,
    );
    expect((await second.end()).code).not.toBe(0);
    expect(readdirSync(folder).sort()).toEqual(before);
    await first.end('SIGKILL');
    const third = await world.startActive();
    expect((await third.end('SIGINT')).code).toBe(0);
    expect(readdirSync(folder)).toContain('checkpoint-00000008.safetensors');
    expect(readdirSync(folder)).not.toContain('.checkpoint-00000007.safetensors.1.tmp');
  });

  it.each([
    ['below /proc', () => '/proc/foo'],
    [
      'a file',
      (folder: string) => {
        writeFileSync(join(folder, 'a-file'), '');
        return join(folder, 'a-file');
      },
    ],
    [
      'a link that leads nowhere',
      (folder: string) => {
        symlinkSync(join(folder, 'nowhere'), join(folder, 'a-link'));
        return join(folder, 'a-link');
      },
    ],
  ])('is reported as unusable when it is %s, and the node continues without', async (_, make) => {
    const directory = make(world.folder);
    const node = await world.startActive('-p', `checkpoint.directory:=${directory}`);
    const { level, msg } = await node.waitForLog('cannot be made');
    expect({ level, msg }).toEqual({
      level: 50,
      msg: expect.stringContaining(`checkpoint: folder ${directory}`) as string,
    });
    expect((await node.end('SIGINT')).code).toBe(0);
  });
});

describe('profile.file', () => {
  it.each([
    ['a device', () => '/dev/zero'],
    [
      'a pipe',
      (folder: string) => {
        execFileSync('mkfifo', [join(folder, 'pipe')]);
        return join(folder, 'pipe');
      },
    ],
    [
      'a folder',
      (folder: string) => {
        mkdirSync(join(folder, 'sub'));
        return join(folder, 'sub');
      },
    ],
  ])('is refused with a reason when it is %s', async (kind, make) => {
    const file = make(world.folder);
    const node = world.start('-p', `profile.file:=${file}`);
    const { msg } = await node.waitForLog('not configured');
    expect(msg).toContain(`${file} is ${kind}, expected a file`);
    expect((await node.end()).code).not.toBe(0);
  });
});
