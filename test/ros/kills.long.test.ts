import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, sensorQos } from './support/images.js';
import { World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

describe('a node that is killed while it learns and saves', () => {
  it('restores the last state whose save was complete, or the one that was being saved', async () => {
    const parse = (line: { readonly msg: string }): string[] =>
      /(checkpoint-\d+)\S*, weights (\S+)/.exec(line.msg) ?? [];
    let before: string[] = [];
    let shown = 0;
    for (const delay of [0, 9, 25]) {
      const node = await world.startActive('-p', 'checkpoint.interval:=0.5', '-p', 'checkpoint.keep:=9');
      if (before.length > 0) {
        const [, name, hash] = parse(await node.waitForLog('restored'));
        const [, saved, weights] = before;
        expect(name >= saved).toBe(true);
        if (name === saved) expect(hash).toBe(weights);
        expect(node.lines.filter(({ msg }) => msg.includes('broken'))).toEqual([]);
      }
      await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
      // The publisher may still count the killed node and discover this one seconds later, so it continues until then.
      const killed = new AbortController();
      const stream = (async () => {
        while (!killed.signal.aborted) {
          const images = Array.from({ length: 15 }, () => image(shown++));
          await world.peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 60 });
        }
      })();
      try {
        await node.waitForLog('saved checkpoint-');
        await setTimeout(delay);
        expect(await node.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
      } finally {
        killed.abort();
      }
      before = parse(node.lines.filter(({ msg }) => msg.startsWith('saved')).slice(-1)[0]);
      await stream;
    }
  });
});
