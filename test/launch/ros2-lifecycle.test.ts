import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { NodeProcess } from '../ros/support/node-process.js';
import { World } from '../ros/support/world.js';
import { hasTool, ros2, type Said } from './ros2-tool.js';

const name = '/robot1/topspark';

describe.skipIf(!hasTool('lifecycle', 'get'))('ros2 lifecycle, on an unconfigured node', () => {
  let world: World;
  let node: NodeProcess;

  // Half a second, its default, is too little to discover a node on a busy machine.
  const lifecycle = (verb: string, ...args: string[]): Promise<Said> =>
    ros2(world.environment, 'lifecycle', verb, '--no-daemon', '--spin-time', '4', ...args);
  const state = async (): Promise<string> => (await lifecycle('get', name)).stdout;

  beforeAll(async () => {
    world = await World.open();
    node = world.start('-r', '__ns:=/robot1', '-p', 'autostart:=false');
    await vi.waitUntil(async () => (await state()) === 'unconfigured [1]', { timeout: 120_000 });
  });
  afterAll(() => world.close());

  it('nodes: lists it', async () => {
    expect((await lifecycle('nodes')).stdout.split('\n')).toContain(name);
  });

  it('list: transitions with start and goal; list -a: all of them', async () => {
    const { stdout } = await lifecycle('list', name);
    expect(stdout).toMatch(/- configure \[1\]\n\s+Start: unconfigured\n\s+Goal: configuring/);
    expect(stdout).not.toContain('deactivate');
    const { stdout: all } = await lifecycle('list', '-a', name);
    expect(all).toMatch(/- deactivate \[4\]\n\s+Start: active\n\s+Goal: deactivating/);
  });

  it('set: moves it through its states; an impossible transition is refused and the node continues', async () => {
    for (const [transition, expected] of [
      ['configure', 'inactive [2]'],
      ['activate', 'active [3]'],
      ['deactivate', 'inactive [2]'],
      ['cleanup', 'unconfigured [1]'],
    ]) {
      expect((await lifecycle('set', name, transition)).stdout).toBe('Transitioning successful');
      expect(await state()).toBe(expected);
    }
    const refused = await lifecycle('set', name, 'activate');
    expect(refused.ok).toBe(false);
    expect(refused.all).toContain('- configure [1]');
    expect((await lifecycle('set', name, 'shutdown')).stdout).toBe('Transitioning successful');
    expect(await state()).toBe('finalized [4]');
    expect(await node.end('SIGINT')).toMatchObject({ code: 0 });
  });
});
