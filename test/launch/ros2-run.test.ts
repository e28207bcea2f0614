import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, sensorQos } from '../ros/support/images.js';
import { getParameters } from '../ros/support/parameters.js';
import { World } from '../ros/support/world.js';
import { installedEnvironment, installPackage, installTimeout } from './installed-package.js';
import { hasTool } from './ros2-tool.js';

const rosArguments = ['__ns:=/robot1', '__node:=eyes', 'image:=camera/image_raw'].flatMap((rule) => ['-r', rule]);

describe.skipIf(!hasTool('run'))('ros2 run topspark topspark_node --ros-args', () => {
  let installed = '';
  let world: World;
  let run: ChildProcess;

  beforeAll(async () => {
    installed = installPackage();
    world = await World.open();
    const file = join(world.folder, 'my.yaml');
    writeFileSync(file, '/**:\n  ros__parameters: {network: {neurons: 123}}\n');
    const command = ['run', 'topspark', 'topspark_node', '--ros-args', ...rosArguments, '--params-file', file];
    const env = installedEnvironment(installed, world.environment);
    // In a process group of its own, as in a shell with job control.
    run = spawn('ros2', command, { env, detached: true, stdio: 'ignore' });
    await world.peer.services('/robot1/eyes/save_checkpoint', 1);
  }, installTimeout);
  afterAll(async () => {
    signal('SIGKILL');
    await world.close();
    rmSync(installed, { recursive: true, force: true });
  });

  function signal(name: NodeJS.Signals): void {
    if (run.pid !== undefined && run.exitCode === null) process.kill(-run.pid, name);
  }

  it('takes namespace, name and parameter file', async () => {
    const [neurons] = await getParameters(world.peer, '/robot1/eyes', 'network.neurons');
    expect(neurons.integer_value).toBe(123);
  });

  it('hears an image where it was mapped to, and decides', async () => {
    await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/robot1/eyes/decision');
    await world.connect('/robot1/eyes', 'image', 'sensor_msgs/msg/Image', '/robot1/camera/image_raw');
    await world.peer.publish('sensor_msgs/msg/Image', '/robot1/camera/image_raw', [image(1)], { qos: sensorQos });
    await world.peer.messages('decision', 1);
  });

  it('Ctrl-C, which reaches ros2 and node, ends it with its checkpoint', async () => {
    const ended = new Promise((resolve) => run.on('exit', resolve));
    signal('SIGINT');
    expect(await ended).toBe(0);
    expect(existsSync(join(world.folder, 'topspark/robot1/eyes/checkpoint-00000001.safetensors'))).toBe(true);
  });
});
