import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { World } from './support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const patient = { timeout: 60_000 };
const line = /^\[(DEBUG|INFO|WARN|ERROR|FATAL)\] \[\d+\.\d{9}\] \[(topspark|robot1\.topspark)\]: \S.*$/;

describe('the log of a node', () => {
  it.each([undefined, '', 'text'])(
    'consists of readable lines under its full name when TOPSPARK_LOG is %j',
    async (asked) => {
      const node = world.startWith({ TOPSPARK_LOG: asked }, '-r', '__ns:=/robot1');
      await vi.waitFor(() => {
        expect(node.other).toMatch(/^\[INFO\] \[\d+\.\d{9}\] \[robot1\.topspark\]: active$/m);
      }, patient);
      expect(await node.end('SIGINT')).toMatchObject({ code: 0 });
      expect(node.lines).toEqual([]);
      for (const each of node.other.trimEnd().split('\n')) expect(each).toMatch(line);
    },
  );

  it('is JSON, one object a line, when TOPSPARK_LOG is json', async () => {
    const node = world.startWith({ TOPSPARK_LOG: 'json' }, '-r', '__ns:=/robot1');
    expect(await node.waitForLog('active')).toMatchObject({ level: 30, name: 'topspark', node: '/robot1/topspark' });
    expect(await node.end('SIGINT')).toMatchObject({ code: 0 });
    expect(node.other).toBe('');
  });
});
