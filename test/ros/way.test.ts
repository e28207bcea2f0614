import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { image, label } from './support/images.js';
import type { NodeProcess } from './support/node-process.js';
import { World } from './support/world.js';

type Functions = Readonly<Record<string, readonly string[]>>;

const hook = fileURLToPath(new URL('support/coverage-hook.mjs', import.meta.url));
let world: World;
let node: NodeProcess;
let taken = 0;

beforeAll(async () => {
  world = await World.open();
  const variables = {
    NODE_OPTIONS: `--import=${hook}`,
    TOPSPARK_COVERAGE: join(world.folder, 'coverage.json'),
  };
  node = world.startWith(variables, '-p', 'label.wait:=0.0');
  await node.waitForLog('active');
});
afterAll(() => world.close());

/** The functions that ran since the last call, by file. */
async function ran(): Promise<Functions> {
  node.signal('SIGUSR2');
  const wanted = ++taken;
  return vi.waitFor(() => {
    const text = readFileSync(join(world.folder, 'coverage.json'), 'utf8');
    const found = JSON.parse(text) as { taken: number; files: Functions };
    if (found.taken < wanted) throw new Error('not yet');
    return found.files;
  });
}

describe('image', () => {
  it('x', async () => {
    const { peer } = world;
    await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
    await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
    const one = async (k: number): Promise<void> => {
      await peer.publish('sensor_msgs/msg/Image', '/image', [image(k)], { qos: { depth: 1 } });
      await peer.messages('decision', 1, { timeout: 5 });
      await peer.forget('decision');
    };
    await vi.waitFor(() => one(0), { timeout: 60_000, interval: 10 });
    let common: Map<string, Set<string>> | undefined;
    for (let k = 0; k < 12; k++) {
      await ran();
      await one(k + 1);
      const files = await ran();
      const now = new Map(Object.entries(files).map(([f, fs]) => [f, new Set(fs)]));
      console.log('window', Object.keys(files).length);
      if (k < 6) continue;
      if (common === undefined) common = now;
      else
        for (const [f, fs] of common) {
          const other = now.get(f);
          if (other === undefined) common.delete(f);
          else for (const x of fs) if (!other.has(x)) fs.delete(x);
        }
    }
    for (const [f, fs] of [...(common ?? [])].sort()) if (fs.size) console.log(f, [...fs].join(' '));
    console.log([...(common ?? [])].filter(([, fs]) => fs.size > 0).length);
    void label;
    expect(1).toBe(1);
  });
});
