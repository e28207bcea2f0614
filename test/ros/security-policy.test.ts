import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sensorKinds } from '../../src/sensing/sensor-kinds.js';
import { isSourced } from '../../src/ros/outputs.js';
import { allEndpoints } from '../../src/node/endpoints.js';
import { World } from './support/world.js';

const policy = readFileSync(new URL('../../config/sros2/topspark.policy.xml', import.meta.url), 'utf8');

// Names inside every element with a permission, as the node of that namespace resolves them.
const allowed = (element: string, namespace = ''): string[] =>
  [...policy.matchAll(new RegExp(`<${element}="ALLOW">([^]*?)</(?:topics|services)>`, 'g'))]
    .flatMap(([, inside = '']) => [...inside.matchAll(/<(?:topic|service)>([^<]+)</g)].map((match) => match[1]))
    .map((name) => (name.startsWith('/') ? name : `${namespace}/${name.replace(/^~/, 'topspark')}`))
    .sort();

let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

describe('the SROS2 policy', () => {
  it.each(['', '/robot1'])('lists exactly the entities of the running node, in the namespace "%s"', async (ns) => {
    // A node cannot subscribe to sensors whose package is not sourced.
    const [heard, absent] = [true, false].map((wanted) =>
      sensorKinds.filter(({ type }) => isSourced(type.split('/')[0]) === wanted),
    );
    const sensors = `sensors:=[${heard.map(({ name }) => name).join(', ')}]`;
    const given = [
      '-p',
      sensors,
      '-p',
      'use_sim_time:=true',
      '-p',
      'teach.buttons:=a',
      '-p',
      'question.max_speed:=1.0',
      '-p',
      'fleet.name:=fleet',
      '-p',
      'fleet.robot:=robot',
    ];
    const node = world.start('-r', `__ns:=${ns || '/'}`, ...given);
    await node.waitForLog('active');
    await world.peer.services(`${ns}/topspark/save_checkpoint`, 1);
    // Published only when its package is sourced.
    const sourced = (topic: string): boolean => {
      const name = { classification: 'vision_msgs', marker: 'visualization_msgs' }[topic.split('/').at(-1) ?? ''];
      return name === undefined || isSourced(name);
    };
    // A node's entities are discovered one after the other.
    const found = expect.poll(() => world.peer.graph('topspark', ns || '/'), { timeout: 60_000 });
    await found.toEqual({
      publishers: allowed('topics publish', ns).filter(sourced),
      subscribers: allowed('topics subscribe', ns).filter(
        (topic) => !absent.some((kind) => topic === `${ns}/${kind.topic}`),
      ),
      services: allowed('services reply', ns),
    });
  });

  it('lists every topic of the table, in its direction', () => {
    for (const { topic, kind } of allEndpoints(sensorKinds)) {
      const full = topic.replace(/^~/, '/topspark').replace(/^(?!\/)/, '/');
      expect(allowed(kind === 'publisher' ? 'topics publish' : 'topics subscribe')).toContain(full);
    }
  });
});
