import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { waysOf } from '../../scripts/way/ways.mjs';
import { image, label } from './support/images.js';
import type { NodeProcess } from './support/node-process.js';
import { as, setParameter } from './support/parameters.js';
import { World } from './support/world.js';

/** A function that ran: its file and its name. */
type Reached = readonly [file: string, name: string];

/** What ran between two wakes of the executor, in the order of the first call. */
type Wake = readonly Reached[];

/** Messages of a kind that are looked at. */
const looks = 6;

const ways = waysOf(readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8'));
const labelQos = { reliability: 'reliable', depth: 10 } as const;
const batteryQos = { reliability: 'best_effort', depth: 1 } as const;
let world: World;
let node: NodeProcess;
let taken = 0;
let sent = 0;
let target = 0.9;

beforeAll(async () => {
  world = await World.open();
  const hook = fileURLToPath(new URL('support/trace-hook.mjs', import.meta.url));
  node = world.startWith({ NODE_OPTIONS: `--import=${hook}`, TOPSPARK_TRACE: join(world.folder, 'trace.json') });
  await node.waitForLog('active');
  await world.peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
  await Promise.all([
    world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image'),
    world.connect('/topspark', 'label', 'topspark_msgs/msg/Label', '/label', labelQos),
    world.connect('/topspark', 'battery', 'sensor_msgs/msg/BatteryState', '/battery_state', batteryQos),
  ]);
  await vi.waitFor(show, { timeout: 60_000, interval: 10 });
});
afterAll(() => world.close());

/** Shows one more image, which is decided. */
async function show(): Promise<void> {
  await world.peer.publish('sensor_msgs/msg/Image', '/image', [image(++sent)], { qos: { depth: 1 } });
  await world.peer.messages('decision', 1, { timeout: 5 });
  await world.peer.forget('decision');
}

/** Labels one more image, which was decided; the class is known after the first. */
async function name(): Promise<void> {
  await show();
  await world.peer.publish('topspark_msgs/msg/Label', '/label', [label(sent, 'bar')], { qos: labelQos });
}

/** Sends the charge of the battery once more. */
async function tellBattery(): Promise<void> {
  const unknown = { charge: NaN, capacity: NaN, location: '', serial_number: '' };
  const header = { stamp: { sec: 1, nanosec: 0 }, frame_id: '' };
  const message = {
    header,
    present: true,
    percentage: 0.8,
    voltage: 12,
    current: -1,
    power_supply_status: 2,
    ...unknown,
  };
  await world.peer.publish('sensor_msgs/msg/BatteryState', '/battery_state', [message], { qos: batteryQos });
}

/** Requests another accuracy. */
async function aim(): Promise<void> {
  target = target === 0.8 ? 0.85 : 0.8;
  expect(await setParameter(world.peer, '/topspark', 'accuracy.target', as.double(target))).toBe('');
}

/** What ran since the last call. */
async function ran(): Promise<readonly Wake[]> {
  node.signal('SIGUSR2');
  const wanted = ++taken;
  return vi.waitFor(() => {
    const found = JSON.parse(readFileSync(join(world.folder, 'trace.json'), 'utf8')) as {
      readonly taken: number;
      readonly wakes: readonly Wake[];
    };
    if (found.taken < wanted) throw new Error(`trace ${wanted} is not written yet`);
    return found.wakes;
  });
}

/**
 * What runs for every message of a kind, in the order of the first call. The beat of every second is in some only.
 *
 * @param reads - the function that reads such a message
 */
async function reachedBy(step: () => Promise<void>, reads: string): Promise<Wake> {
  const seen: Wake[] = [];
  const look = async (): Promise<void> => {
    await step();
    const wakes = await ran();
    seen.push(...wakes.filter((wake) => wake.some(([, function_]) => function_ === reads)));
    expect(seen.length).toBeGreaterThanOrEqual(looks);
  };
  await ran();
  await vi.waitFor(look, { timeout: 60_000, interval: 10 });
  const same = ([file, function_]: Reached, [other, another]: Reached): boolean =>
    file === other && function_ === another;
  const always = (reached: Reached): boolean => seen.every((wake) => wake.some((each) => same(each, reached)));
  return (seen.at(-1) ?? []).filter(always);
}

describe('the way of a message in ARCHITECTURE.md', () => {
  it.each([
    ['image', show, 'sensorEvent'],
    ['label', name, 'labelEvent'],
    ['battery', tellBattery, 'batteryEvent'],
    ['parameter', aim, 'checkParameter'],
  ] as const)('of kind %s lists the files and functions that run in the node, in their order', async (...way) => {
    const [kind, step, reads] = way;
    const reached = await reachedBy(step, reads);
    expect([...new Set(reached.map(([file]) => file))]).toEqual(ways[kind].files);
    const ofSteps = ways[kind].steps.map(({ file, name: wanted }): Reached => [file, wanted]);
    const missing = ofSteps.filter(
      ([file, wanted]) => !reached.some(([other, own]) => file === other && own.replace('#', '') === wanted),
    );
    expect(missing).toEqual([]);
  });
});
