import { execFile } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { installedEnvironment, installPackage, installTimeout } from './installed-package.js';
import { Launched } from './launched.js';
import { hasTool } from './ros2-tool.js';

const domain = process.env['TOPSPARK_LAUNCH_DOMAIN_ID'] ?? '29';
const patience = { timeout: 120_000, interval: 250 };

describe.skipIf(!hasTool('launch'))('launch files under ros2 launch', () => {
  let folder = '';
  let env: NodeJS.ProcessEnv = {};
  let launched: Launched | undefined;

  beforeAll(() => {
    folder = installPackage({ lab: true });
    env = {
      ...installedEnvironment(folder, process.env),
      ROS_DOMAIN_ID: domain,
      ROS_HOME: join(folder, 'ros-home'),
      TMPDIR: folder,
    };
  }, installTimeout);
  afterEach(() => {
    launched?.kill();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(file: string, ...args: string[]): Launched {
    launched = new Launched(['topspark', file, ...args], env);
    return launched;
  }

  // Not in one blocking call: what launch prints meanwhile must be read.
  async function state(node: string): Promise<string> {
    const args = ['lifecycle', 'get', '--no-daemon', '--spin-time', '4', node];
    return new Promise((resolve) => {
      execFile('ros2', args, { env, timeout: 20_000 }, (_error, stdout) => {
        resolve(stdout.trim());
      });
    });
  }

  it('topspark.launch.py: the node becomes active by itself in its namespace, and SIGINT to launch ends all', async () => {
    const run = launch('topspark.launch.py', 'namespace:=robot1');
    await vi.waitUntil(async () => (await state('/robot1/topspark')) === 'active [3]', patience);
    expect(run.alive).toHaveLength(1);
    run.interrupt();
    expect(await run.ended(15_000)).toBe(0);
    expect(run.alive).toEqual([]);
  });

  it('topspark.launch.py: Ctrl-C, which reaches the node twice, ends all cleanly', async () => {
    const run = launch('topspark.launch.py');
    await vi.waitUntil(async () => (await state('/topspark')) === 'active [3]', patience);
    run.interruptAll();
    expect(await run.ended(15_000)).toBe(0);
    expect(run.alive).toEqual([]);
    expect(run.output).toContain('process has finished cleanly');
  });

  it('topspark.launch.py autostart:=false: the node waits to be configured', async () => {
    const run = launch('topspark.launch.py', 'autostart:=false');
    await vi.waitUntil(async () => (await state('/topspark')) === 'unconfigured [1]', patience);
    run.interrupt();
    expect(await run.ended(15_000)).toBe(0);
  });

  it('topspark.launch.py use_respawn:=true: the node is active again after SIGKILL', async () => {
    const run = launch('topspark.launch.py', 'use_respawn:=true');
    await vi.waitUntil(async () => (await state('/topspark')) === 'active [3]', patience);
    const [first] = run.pids;
    process.kill(first, 'SIGKILL');
    await vi.waitUntil(() => run.alive.length === 1 && !run.alive.includes(first), patience);
    await vi.waitUntil(async () => (await state('/topspark')) === 'active [3]', patience);
    run.interrupt();
    expect(await run.ended(15_000)).toBe(0);
    expect(run.alive).toEqual([]);
  });

  it('demo.launch.py: shows its images, then ends with all its processes and files', async () => {
    const run = launch('demo.launch.py', 'samples:=60', 'rate:=60.0');
    expect(await run.ended(50_000)).toBe(0);
    expect(run.pids).toHaveLength(3);
    expect(run.alive).toEqual([]);
    expect(run.output).toMatch(/process\[topspark_camera-\d+\] was required/);
    expect(run.output.match(/process has finished cleanly/g)).toHaveLength(3);
    expect(readdirSync(folder).filter((name) => name.startsWith('topspark-demo-'))).toEqual([]);
  });
});
