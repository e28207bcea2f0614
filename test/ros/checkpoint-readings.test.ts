import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sensorQos } from './support/images.js';
import { getParameters } from './support/parameters.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const shown = async (): Promise<boolean> => {
  const [value] = await getParameters(world.peer, '/topspark', 'scan.heading_free');
  return value.bool_value;
};
const kept = (): string[] =>
  readdirSync(join(world.folder, 'topspark', 'topspark')).filter((name) => name.startsWith('checkpoint'));
const numbered = (number: number): string => `checkpoint-0000000${number}.safetensors`;
const scan = ['-p', 'sensors:=[scan]'];

/** A picture in colour, red on the left and green on the right, both of the light 60. */
function redAndGreen(): Fields {
  const [width, height] = [64, 48];
  const data = Uint8Array.from({ length: 3 * width * height }, (_, at) => {
    const colour = Math.floor(at / 3) % width < width / 2 ? [200, 0, 0] : [4, 100, 0];
    return colour[at % 3];
  });
  const header = { stamp: { sec: 1, nanosec: 0 }, frame_id: 'camera' };
  return { header, width, height, encoding: 'rgb8', is_bigendian: 0, step: 3 * width, data };
}

describe('a restarted node', () => {
  it('reads its sensors as when it learned, logs that, and reports different settings', async () => {
    const first = await world.startActive(...scan, '-p', 'scan.heading_free:=false');
    expect(await shown()).toBe(false);
    await first.end('SIGINT');

    const unset = await world.startActive(...scan);
    await unset.waitForLog(
      `sensors are read as ${numbered(1)} was learned, except where set otherwise: scan.heading_free false`,
    );
    expect(await shown()).toBe(false);
    await unset.end('SIGINT');

    const other = await world.startActive(...scan, '-p', 'scan.heading_free:=true');
    const { msg } = await other.waitForLog('trying an older one');
    expect(msg).toContain(
      'scan.heading_free was false when this checkpoint was learned and is true here; to go on with it set',
    );
    expect(await shown()).toBe(true);
    await other.waitForLog('no checkpoint to restore: starting from scratch');
    expect(kept().sort()).toEqual([`${numbered(1)}.unfit`, `${numbered(2)}.unfit`]);
    await other.end('SIGINT');

    // What was learned with other settings is still there, and its file is named.
    const back = await world.startActive(...scan, '-p', 'scan.heading_free:=false');
    await back.waitForLog(`restored ${numbered(2)}`);
    expect(kept().sort()).toEqual([`${numbered(1)}.unfit`, numbered(2), `${numbered(3)}.unfit`]);
    await back.end('SIGINT');
  });

  it('continues with pictures that it learned before edges were the default', async () => {
    const shown = async (name: string): Promise<string> => {
      const [value] = await getParameters(world.peer, `/${name}`, 'image.encoding');
      return value.string_value;
    };
    const robot = ['-r', '__node:=camera'];
    const first = await world.startActive(...robot, '-p', 'image.encoding:=contrast');
    await first.end('SIGINT');
    const unset = await world.startActive(...robot);
    const { msg } = await unset.waitForLog('sensors are read as');
    expect(msg).toContain('was learned, except where set otherwise: image.encoding contrast');
    expect(await shown('camera')).toBe('contrast');
    await unset.end('SIGINT');
    const other = await world.startActive(...robot, '-p', 'image.encoding:=edges');
    const { msg: refusal } = await other.waitForLog('trying an older one');
    expect(refusal).toContain('image.encoding was contrast when this checkpoint was learned and is edges here');
    expect(await shown('camera')).toBe('edges');
    await other.end('SIGINT');
    const again = await world.startActive('-r', '__node:=other_camera');
    expect(await shown('other_camera')).toBe('edges');
    await again.end('SIGINT');
  });

  it('decides pictures read as scenes, and goes on with them', async () => {
    const robot = ['-r', '__node:=indoors'];
    const encoding = async (): Promise<string> =>
      (await getParameters(world.peer, '/indoors', 'image.encoding'))[0].string_value;
    const first = await world.startActive(...robot, '-p', 'image.encoding:=scene');
    expect(await encoding()).toBe('scene');
    await first.waitForLog('active');
    await world.peer.subscribe('indoors', 'topspark_msgs/msg/Decision', '/indoors/decision', { depth: 10 });
    await world.connect('/indoors', 'image', 'sensor_msgs/msg/Image', '/image');
    // Both halves are as light: what is seen is their colour.
    await world.peer.publish('sensor_msgs/msg/Image', '/image', [redAndGreen()], { qos: sensorQos });
    const [{ energy }] = await world.peer.messages<{ energy: number }>('indoors', 1);
    expect(energy).toBeGreaterThan(0);
    await first.end('SIGINT');
    const unset = await world.startActive(...robot);
    const { msg } = await unset.waitForLog('sensors are read as');
    expect(msg).toContain('image.encoding scene');
    expect(await encoding()).toBe('scene');
    await unset.end('SIGINT');
    const other = await world.startActive(...robot, '-p', 'image.encoding:=edges');
    const { msg: refusal } = await other.waitForLog('trying an older one');
    expect(refusal).toContain('image.encoding was scene when this checkpoint was learned and is edges here');
    await other.end('SIGINT');
  });

  it('refuses to load a checkpoint that was read differently, and changes nothing', async () => {
    const first = await world.startActive(...scan, '-r', '__node:=loader', '-p', 'scan.near:=0.3');
    await world.peer.call('std_srvs/srv/Trigger', '/loader/save_checkpoint');
    await first.end('SIGINT');
    const other = ['-r', '__node:=loader', '-p', 'scan.near:=0.4', '-p', 'checkpoint.restore:=false'];
    const node = await world.startActive(...scan, ...other);
    const answer = await world.peer.call('topspark_msgs/srv/LoadCheckpoint', '/loader/load_checkpoint', {
      name: numbered(1),
    });
    expect(answer.success).toBe(false);
    expect(answer.message).toContain('scan.near was 0.3 when this checkpoint was learned and is 0.4 here');
    await node.end('SIGINT');
  });
});
