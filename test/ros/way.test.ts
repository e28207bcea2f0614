import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { waysOf } from '../../scripts/way/ways.mjs';
import { image } from './support/images.js';
import type { NodeProcess } from './support/node-process.js';
import { World } from './support/world.js';

/** Functions that ran, by the file that they are in. */
type Functions = Readonly<Record<string, readonly string[]>>;

/** Messages of a kind that are looked at. */
const looks = 6;

const hook = fileURLToPath(new URL('support/coverage-hook.mjs', import.meta.url));
const ways = waysOf(readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8'));
let world: World;
let node: NodeProcess;
let taken = 0;
let sent = 0;

beforeAll(async () => {
  world = await World.open();
  const variables = { NODE_OPTIONS: `--import=${hook}`, TOPSPARK_COVERAGE: join(world.folder, 'coverage.json') };
  node = world.startWith(variables);
  await node.waitForLog('active');
  const { peer } = world;
  await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
  await vi.waitFor(show, { timeout: 60_000, interval: 10 });
});
afterAll(() => world.close());

/** Shows one more image, which is decided. */
async function show(): Promise<void> {
  await world.peer.publish('sensor_msgs/msg/Image', '/image', [image(++sent)], { qos: { depth: 1 } });
  await world.peer.messages('decision', 1, { timeout: 5 });
  await world.peer.forget('decision');
}

/** The functions that ran since the last call. */
async function ran(): Promise<Functions> {
  node.signal('SIGUSR2');
  const wanted = ++taken;
  return vi.waitFor(() => {
    const found = JSON.parse(readFileSync(join(world.folder, 'coverage.json'), 'utf8')) as {
      readonly taken: number;
      readonly files: Functions;
    };
    if (found.taken < wanted) throw new Error(`look ${wanted} is not written yet`);
    return found.files;
  });
}

/** The files of which the same function ran in every look: the beat of every second is in some of them only. */
async function filesOn(step: () => Promise<void>): Promise<string[]> {
  const seen: Functions[] = [];
  for (let k = 0; k < looks; k++) {
    await ran();
    await step();
    seen.push(await ran());
  }
  const [first, ...others] = seen;
  const always = Object.entries(first).filter(([file, functions]) =>
    functions.some((name) => others.every((look) => Object.hasOwn(look, file) && look[file].includes(name))),
  );
  return always.map(([file]) => file).sort();
}

describe('the way of a message in ARCHITECTURE.md', () => {
  it('has the files that an image runs through in the node', async () => {
    expect(await filesOn(show)).toEqual(ways.image.files.toSorted());
  });
});
