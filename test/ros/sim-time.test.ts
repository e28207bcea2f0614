import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { image, sensorQos } from './support/images.js';
import type { Status } from './support/messages.js';
import type { NodeProcess } from './support/node-process.js';
import { as, setParameter } from './support/parameters.js';
import { World } from './support/world.js';

interface EnergyMode {
  readonly header: { readonly stamp: { readonly sec: number } };
  readonly name: string;
  readonly battery: number;
  readonly reason: string;
}

let world: World;
let node: NodeProcess;

beforeAll(async () => {
  world = await World.open();
  await world.peer.subscribe('mode', 'topspark_msgs/msg/EnergyMode', '/topspark/energy_mode', {
    durability: 'transient_local',
    depth: 1,
  });
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
  const parameters = ['use_sim_time:=true', 'battery.timeout:=30.0', 'checkpoint.interval:=4.0'];
  node = await world.startActive(...parameters.flatMap((each) => ['-p', each]));
});
afterAll(() => world.close());

/** Lets simulated time pass at twenty times the speed, best effort as `ros2 bag play --clock` publishes it. */
async function pass(from: number, to: number): Promise<void> {
  const ticks = Array.from({ length: (to - from) * 10 + 1 }, (_, index) => ({
    clock: { sec: from + Math.floor(index / 10), nanosec: (index % 10) * 100_000_000 },
  }));
  await world.peer.publish('rosgraph_msgs/msg/Clock', '/clock', ticks, { qos: sensorQos, rate: 200 });
}

describe('use_sim_time', () => {
  it('makes stamps and the beat once a second follow a best-effort /clock', async () => {
    const { peer } = world;
    const [first] = await peer.messages<EnergyMode>('mode', 1);
    expect(first.header.stamp.sec).toBe(0);
    await pass(5000, 5010);
    const modes = await peer.messages<EnergyMode>('mode', 8);
    const [last] = modes.slice(-1);
    expect(last.header.stamp.sec).toBeGreaterThanOrEqual(5008);
    expect(last.header.stamp.sec).toBeLessThanOrEqual(5010);
  });

  it('makes a silent battery unknown after battery.timeout of simulated time', async () => {
    const { peer } = world;
    const battery = { present: true, power_supply_status: 2, percentage: 0.25 };
    const heard = async (): Promise<unknown[]> => {
      await peer.publish('sensor_msgs/msg/BatteryState', '/battery_state', [battery], { qos: sensorQos });
      return peer.messages('mode', 0, { where: { name: 'SAVER' } });
    };
    await expect.poll(heard, { timeout: 60_000 }).not.toEqual([]);
    await peer.forget('mode');
    await pass(5011, 5030);
    const [fresh] = (await peer.messages<EnergyMode>('mode', 10)).slice(-1);
    expect(fresh.battery).toBeCloseTo(0.25, 6);
    await pass(5031, 5050);
    const reason = 'battery unknown: SAVER is kept';
    const [stale] = await peer.messages<EnergyMode>('mode', 1, { where: { reason } });
    expect(stale).toMatchObject({ name: 'SAVER', battery: NaN });
    expect(stale.header.stamp.sec).toBeGreaterThanOrEqual(5040);
  });

  it('keeps status, mode and diagnostics going while it stands still, with one warning', async () => {
    const { peer } = world;
    await pass(5051, 5053);
    await peer.forget('status');
    await peer.messages<Status>('status', 3);
    await world.diagnostic('/topspark', 'clock', 'Simulated time stands still for (s)', (value) => Number(value) >= 5);
    await node.waitForLog('simulated time stands still at 505');
    const still = node.lines.filter(({ msg }) => msg.startsWith('simulated time stands still at 505'));
    expect(still).toHaveLength(1);
  });

  it('saves the learned state although time restarts before checkpoint.interval', async () => {
    await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
    const saved = (): number => node.lines.filter(({ msg }) => msg.startsWith('saved checkpoint-')).length;
    const before = saved();
    let shown = 0;
    const loop = async (): Promise<void> => {
      const images = Array.from({ length: 20 }, () => image(shown++));
      await world.peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 50 });
      await pass(100, 102);
      expect(saved()).toBeGreaterThan(before);
    };
    await vi.waitFor(loop, { timeout: 60_000, interval: 100 });
    await world.diagnostic('/topspark', 'clock', 'Simulated time went back', (value) => Number(value) > 0);
  });

  it('counts impossible /clock messages, warns a few times at most, and changes nothing', async () => {
    const { peer } = world;
    const lines = node.lines.length;
    const strange = Array.from({ length: 300 }, (_, index) => ({
      clock: index % 2 === 0 ? { sec: -5 - index, nanosec: 0 } : { sec: 10, nanosec: 4_000_000_000 },
    }));
    await peer.publish('rosgraph_msgs/msg/Clock', '/clock', strange, { qos: sensorQos, rate: 200 });
    const counted = async (): Promise<void> => {
      await peer.forget('status');
      const [{ dropped_causes: causes, dropped_counts: counts }] = (await peer.messages<Status>('status', 1)).slice(-1);
      expect(counts[causes.indexOf('clock_out_of_range')] ?? 0).toBeGreaterThan(100);
    };
    await vi.waitFor(counted, { timeout: 60_000 });
    const logged = node.lines.slice(lines).filter(({ msg }) => msg.includes('clock_out_of_range'));
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.length).toBeLessThan(10);
    expect(node.lines.length - lines).toBeLessThan(20);
    const [{ header }] = (await peer.messages<EnergyMode>('mode', 1)).slice(-1);
    expect(header.stamp.sec).toBe(102);
    expect(node.other).toBe('');
  });

  it('can be switched on and off at run time', async () => {
    const { peer } = world;
    const set = async (on: boolean): Promise<void> => {
      expect(await setParameter(peer, '/topspark', 'use_sim_time', as.bool(on))).toBe('');
    };
    const stamped = async (from: number, to: number): Promise<void> => {
      await peer.forget('mode');
      const modes = await peer.messages<EnergyMode>('mode', 3);
      const fits = modes.slice(-1).every(({ header: { stamp } }) => stamp.sec >= from && stamp.sec <= to);
      expect(fits, JSON.stringify(modes.slice(-1)[0].header)).toBe(true);
    };
    await set(false);
    await stamped(1_600_000_000, 2 ** 31);
    await set(true);
    await pass(7000, 7005);
    await stamped(7004, 7005);
  });
});
