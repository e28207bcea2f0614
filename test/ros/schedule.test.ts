import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

describe('scheduled work', () => {
  it('runs by wall-clock time, and catches up after a restart', async () => {
    const every = ['-p', "schedule.checkpoint:='* * * * * *'", '-p', "schedule.energy_log:='* * * * * *'"];
    const node = await world.startActive(...every);
    expect((await node.waitForLog('saved checkpoint-')).msg).toMatch(/^saved checkpoint-00000001/);
    expect((await node.waitForLog('energy since')).msg).toMatch(/: \S+ J estimated by operations .* in 0 decisions$/);
    expect(await node.end('SIGTERM')).toMatchObject({ code: 0 });

    const path = join(world.folder, 'topspark', 'topspark', 'schedule.json');
    const stored = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    expect(Object.keys(stored).sort()).toEqual([
      'schedule.checkpoint',
      'schedule.energy_log',
      'schedule.recalibration',
    ]);
    writeFileSync(path, JSON.stringify({ ...stored, 'schedule.checkpoint': '2020-01-01T00:00:00.000Z' }));
    const again = await world.startActive('-p', "schedule.checkpoint:='0 3 * * *'");
    await again.waitForLog('was missed while the node was off; it runs now');
    await again.waitForLog('saved checkpoint-');
    expect(await again.end('SIGTERM')).toMatchObject({ code: 0 });
  });

  it('stops the node at configure when it is invalid, with the reason', async () => {
    const node = world.start('-p', "schedule.checkpoint:='at tea time'");
    expect((await node.waitForLog('not configured')).msg).toMatch(
      /schedule.checkpoint is 'at tea time': .*expected a cron/,
    );
    const other = world.start('-p', 'schedule.time_zone:=Mars');
    expect((await other.waitForLog('not configured')).msg).toContain("schedule.time_zone is 'Mars', expected a name");
  });
});
