import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stateOf } from '../ros/support/lifecycle.js';
import type { NodeProcess } from '../ros/support/node-process.js';
import { World } from '../ros/support/world.js';

const manager = (process.env['AMENT_PREFIX_PATH'] ?? '')
  .split(delimiter)
  .map((prefix) => join(prefix, 'lib/nav2_lifecycle_manager/lifecycle_manager'))
  .find((file) => existsSync(file));
/** Constants of nav2_msgs/srv/ManageLifecycleNodes. */
const commands = { startup: 0, pause: 1, resume: 2, reset: 3, shutdown: 4 } as const;
const type = 'nav2_msgs/srv/ManageLifecycleNodes';
const node = '/robot1/topspark';

describe.skipIf(manager === undefined)("under nav2's lifecycle manager, as docs/troubleshooting.md describes", () => {
  let world: World;
  let managed: NodeProcess;
  let managing: ChildProcess;

  beforeEach(async () => {
    world = await World.open();
    managed = world.start('-r', '__ns:=/robot1', '-p', 'autostart:=false');
    const parameters = ['autostart:=true', 'node_names:=[topspark]', 'bond_timeout:=0.0'];
    const args = ['--ros-args', '-r', '__ns:=/robot1', ...parameters.flatMap((each) => ['-p', each])];
    managing = spawn(manager ?? '', args, { env: world.environment, stdio: 'ignore' });
    await vi.waitUntil(isActive, { timeout: 60_000, interval: 250 });
  });
  afterEach(async () => {
    managing.kill('SIGKILL');
    await world.close();
  });

  // A reply is lost when the manager has not yet discovered the client.
  const isActive = (): Promise<boolean> =>
    world.peer.call('std_srvs/srv/Trigger', '/robot1/lifecycle_manager/is_active', {}, 2).then(
      ({ success }) => success,
      () => false,
    );
  /** Sends the manager a command, and waits until the node is in the resulting state. */
  const command = async (name: keyof typeof commands, expected: string): Promise<void> => {
    const service = '/robot1/lifecycle_manager/manage_nodes';
    await world.peer.call(type, service, { command: commands[name] }, 5).catch(() => undefined);
    await expect.poll(state, { timeout: 30_000 }).toBe(expected);
  };
  const state = (): Promise<string> => stateOf(world.peer, node);

  it('the node is activated, paused, resumed, reset and shut down, and saves what it learned', async () => {
    expect(await state()).toBe('active');
    await command('pause', 'inactive');
    await command('resume', 'active');
    await command('reset', 'unconfigured');
    await command('startup', 'active');
    await command('shutdown', 'finalized');
    const checkpoints = readdirSync(join(world.folder, 'topspark/robot1/topspark'));
    expect(checkpoints).toContain('checkpoint-00000001.safetensors');
    expect(await managed.end('SIGINT')).toMatchObject({ code: 0 });
  });

  it('the node stays active without a bond, although its manager is gone', async () => {
    managing.kill('SIGINT');
    await world.peer.services('/robot1/lifecycle_manager/is_active', 0);
    expect(await state()).toBe('active');
  });
});
