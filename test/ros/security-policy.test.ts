import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sensorNames } from '../../src/encoding/sensor-kinds.js';
import { allEndpoints } from '../../src/ros/endpoints.js';
import { World } from './support/world.js';

const policy = readFileSync(new URL('../../config/sros2/topspark.policy.xml', import.meta.url), 'utf8');

// Names inside every element that allows one thing.
const allowed = (element: string): string[] =>
  [...policy.matchAll(new RegExp(`<${element}="ALLOW">([^]*?)</(?:topics|services)>`, 'g'))]
    .flatMap(([, inside = '']) => [...inside.matchAll(/<(?:topic|service)>([^<]+)</g)].map((match) => match[1]))
    .sort();

let world: World;

beforeAll(async () => {
  world = await World.open();
  const sensors = `sensors:=[${sensorNames.join(', ')}]`;
  const node = world.start('-p', sensors, '-p', 'use_sim_time:=true');
  await node.waitForLog('active');
  await world.peer.services('/topspark/save_checkpoint', 1);
});
afterAll(() => world.close());

describe('the SROS2 policy', () => {
  it('names what the running node has, and nothing else', async () => {
    // A node's entities become known one after the other.
    const found = expect.poll(() => world.peer.graph('topspark', '/'), { timeout: 60_000 });
    await found.toEqual({
      publishers: allowed('topics publish'),
      subscribers: allowed('topics subscribe'),
      services: allowed('services reply'),
    });
  });

  it('names every topic of the table, in its direction', () => {
    for (const { topic, kind } of allEndpoints) {
      const full = topic.replace(/^~/, '/topspark').replace(/^(?!\/)/, '/');
      expect(allowed(kind === 'publisher' ? 'topics publish' : 'topics subscribe')).toContain(full);
    }
  });
});
