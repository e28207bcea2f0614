import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jetson, packageCounter, rapl, SysfsTree } from '../energy/sysfs-tree.js';
import { World } from './support/world.js';

interface EnergyMode {
  readonly energy_source: string;
  readonly energy_measured: boolean;
  readonly energy_power: number;
}

let world: World;
const tree = new SysfsTree({ ...rapl(), ...jetson });

beforeAll(async () => {
  world = await World.open();
  const latched = { durability: 'transient_local', depth: 1 } as const;
  await world.peer.subscribe('mode', 'topspark_msgs/msg/EnergyMode', '/topspark/energy_mode', latched);
});
afterAll(async () => {
  tree.remove();
  await world.close();
});

/** The newest message, once its energy comes from a source. */
async function from(source: string): Promise<Partial<EnergyMode>> {
  let found: EnergyMode | undefined;
  const heard = async (): Promise<string | undefined> => {
    found = (await world.peer.messages<EnergyMode>('mode', 0)).at(-1);
    return found?.energy_source;
  };
  await expect.poll(heard, { timeout: 60_000 }).toBe(source);
  return found ?? {};
}

describe('the energy source', () => {
  it('is published; when it vanishes the next best follows with a warning, and the node continues', async () => {
    const node = await world.startActive('-p', `energy.sysfs:=${tree.root}`);
    expect((await node.waitForLog('energy comes from')).msg).toBe('energy comes from rapl: CPU package-0, dram');
    expect(await from('rapl')).toMatchObject({ energy_measured: true });
    tree.write({ [packageCounter]: 11_000_000 });
    const drawn = async (): Promise<number> => {
      const heard = await world.peer.messages<EnergyMode>('mode', 0);
      return Math.max(...heard.map(({ energy_power }) => energy_power).filter(Number.isFinite));
    };
    // 10 J within about a second.
    await expect.poll(drawn, { timeout: 60_000 }).toBeGreaterThan(5);
    expect(await drawn()).toBeLessThan(15);

    tree.remove('class/powercap');
    expect((await node.waitForLog('powercap was lost')).level).toBe(40);
    expect((await from('hwmon')).energy_measured).toBe(true);
    tree.remove('class/hwmon');
    await node.waitForLog('hwmon, rail VDD_IN, was lost');
    expect((await from('operations')).energy_measured).toBe(false);
    await world.diagnostic('/topspark', 'energy source', 'Source', (value) => value === 'operations');
    expect(await node.end('SIGTERM')).toMatchObject({ code: 0 });
  });
});
