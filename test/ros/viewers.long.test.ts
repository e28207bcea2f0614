import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PageSocket } from '../dashboard/page-socket.js';
import { DashboardProcess } from './support/dashboard-process.js';
import { image, sensorQos } from './support/images.js';
import type { Status } from './support/messages.js';
import { World } from './support/world.js';

/** Ten pages watch for this long [min]. */
const minutes = Number(process.env['TOPSPARK_VIEWERS_MINUTES'] ?? 1);

/** Pages that are opened and closed after that. */
const passing = 1000;

const rate = 20;
let world: World;
let dashboard: DashboardProcess;
let filming = true;
let shown = 0;
let still: Promise<void>;

beforeAll(async () => {
  world = await World.open();
  await world.startActive();
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 1 });
  dashboard = await DashboardProcess.start(world.environment);
  still = (async () => {
    while (filming) {
      const pictures = Array.from({ length: rate }, () => image(shown++, shown % 4));
      await world.peer.publish('sensor_msgs/msg/Image', '/image', pictures, { qos: sensorQos, rate });
    }
  })();
});
afterAll(async () => {
  filming = false;
  await still;
  expect(await dashboard.end()).toBe(0);
  await world.close();
});

/** Resident memory of the dashboard [MB], and its CPU time [s]. */
function usage(): { readonly memory: number; readonly cpu: number } {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${dashboard.pid}/status`, 'utf8')) ?? [];
  const fields = readFileSync(`/proc/${dashboard.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return { memory: Number(kilobytes) / 1000, cpu: (Number(fields[11]) + Number(fields[12])) / 100 };
}

async function status(): Promise<Status & { readonly received: number; readonly decided: number }> {
  await world.peer.forget('status');
  return (await world.peer.messages<Status & { readonly received: number; readonly decided: number }>('status', 1))[0];
}

it(
  'ten pages, one of which reads nothing, and a thousand that come and go cost the node no decision and no memory',
  { timeout: (minutes + 10) * 60_000 },
  async () => {
    const url = `${dashboard.url.replace(/^http/, 'ws')}node`;
    const pages = await Promise.all(Array.from({ length: 10 }, () => PageSocket.open(url)));
    const slow = await PageSocket.open(url);
    slow.socket.pause();
    await pause(10_000);
    const [before, begun, first] = [usage(), performance.now(), await status()];
    const counted = pages.map(({ pictures }) => pictures);
    await pause(minutes * 60_000);
    const [after, last] = [usage(), await status()];
    const seconds = (performance.now() - begun) / 1000;
    const pictures = pages.map((page, at) => page.pictures - counted[at]);
    slow.socket.terminate();
    await Promise.all(pages.map((page) => page.close()));
    for (let k = 0; k < passing; k += 10) {
      const some = await Promise.all(Array.from({ length: 10 }, () => PageSocket.open(url)));
      await Promise.all(some.map((page) => page.close()));
    }
    await pause(5000);
    const [end, all] = [usage(), await status()];
    const share = (100 * (after.cpu - before.cpu)) / seconds;
    console.log(
      `${seconds.toFixed(0)} s, ten pages and a slow one: ${share.toFixed(1)} % of a core, memory ${before.memory.toFixed(0)} → ` +
        `${after.memory.toFixed(0)} MB; after ${passing} more ${end.memory.toFixed(0)} MB; ${all.decided} decisions of ` +
        `${all.received} images taken; ${(pictures[0] / seconds).toFixed(1)} pictures a second`,
    );
    // Each message that was taken is decided, with and without viewers.
    for (const { received, decided } of [first, last, all]) expect(received - decided).toBeLessThan(2);
    expect(last.dropped_causes).toEqual(first.dropped_causes);
    expect(Math.min(...pictures)).toBeGreaterThan(0);
    // A leak would grow with each page.
    expect(end.memory - before.memory).toBeLessThan(60);
  },
);
