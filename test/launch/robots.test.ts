import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { image, sensorQos, stampOf } from '../ros/support/images.js';
import { World } from '../ros/support/world.js';
import { installedEnvironment, installPackage, installTimeout } from './installed-package.js';
import { Launched } from './launched.js';
import { hasTool } from './ros2-tool.js';

/** What a robot's own launch file does with ours. */
const ownLaunchFile = `
from launch import LaunchDescription
from launch.actions import GroupAction, IncludeLaunchDescription
from launch.substitutions import PathJoinSubstitution
from launch_ros.actions import PushRosNamespace, SetRemap
from launch_ros.substitutions import FindPackageShare


def generate_launch_description():
    launch_file = PathJoinSubstitution([FindPackageShare('topspark'), 'launch', 'topspark.launch.py'])
    return LaunchDescription([GroupAction([
        PushRosNamespace('robot1'),
        SetRemap('image', 'front/image_raw'),
        IncludeLaunchDescription(launch_file, launch_arguments={'log_level': 'warn'}.items()),
    ])])
`;

interface Decision {
  readonly header: { readonly stamp: object };
}

describe.skipIf(!hasTool('launch'))('topspark.launch.py on robots', () => {
  let installed = '';
  let world: World;
  let launches: Launched[] = [];

  beforeAll(() => {
    installed = installPackage();
  }, installTimeout);
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(async () => {
    for (const launched of launches) launched.kill();
    launches = [];
    await world.close();
  });
  afterAll(() => {
    rmSync(installed, { recursive: true, force: true });
  });

  function launch(...args: string[]): Launched {
    const launched = new Launched(args, installedEnvironment(installed, world.environment));
    launches.push(launched);
    return launched;
  }

  /** Shows images to a robot, ten a second. Returns which of them it decided. */
  async function decided(robot: string, topic: string, indices: readonly number[]): Promise<object[]> {
    const { peer } = world;
    await peer.subscribe(robot, 'topspark_msgs/msg/Decision', `/${robot}/topspark/decision`, { depth: 100 });
    await world.connect(`/${robot}/topspark`, 'image', 'sensor_msgs/msg/Image', topic);
    const images = indices.map((index) => image(index));
    await peer.publish('sensor_msgs/msg/Image', topic, images, { qos: sensorQos, rate: 10 });
    const decisions = await peer.messages<Decision>(robot, indices.length);
    return decisions.map(({ header }) => header.stamp);
  }

  it('two on one machine, each in its namespace, decide their own images and keep their own checkpoints', async () => {
    const robots = ['robot1', 'robot2'];
    const runs = robots.map((robot) => launch('topspark', 'topspark.launch.py', `namespace:=${robot}`));
    const images = [
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [100, 101, 102, 103, 104, 105, 106, 107, 108, 109],
    ];
    const shown = robots.map((robot, index) => decided(robot, `/${robot}/image`, images[index] ?? []));
    expect(await Promise.all(shown)).toEqual(images.map((each) => each.map((index) => stampOf(index))));
    for (const run of runs) {
      run.interrupt();
      expect(await run.ended(15_000)).toBe(0);
    }
    expect(runs.flatMap((run) => run.alive)).toEqual([]);
    for (const robot of robots) {
      const checkpoints = readdirSync(join(world.folder, 'topspark', robot, 'topspark'));
      expect(checkpoints).toContain('checkpoint-00000001.safetensors');
    }
  });

  it("a robot's own launch file includes it in a namespace and maps its input", async () => {
    const file = join(world.folder, 'own.launch.py');
    writeFileSync(file, ownLaunchFile);
    const run = launch(file);
    expect(await decided('robot1', '/robot1/front/image_raw', [1, 2, 3])).toEqual([1, 2, 3].map(stampOf));
    run.interrupt();
    expect(await run.ended(15_000)).toBe(0);
  });
});
