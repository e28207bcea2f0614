import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sensorQos } from './support/images.js';
import { World } from './support/world.js';

interface EnergyMode {
  readonly header: { readonly stamp: { readonly sec: number } };
  readonly name: string;
  readonly battery: number;
  readonly reason: string;
}

let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.peer.subscribe('mode', 'topspark_msgs/msg/EnergyMode', '/topspark/energy_mode', {
    durability: 'transient_local',
    depth: 1,
  });
  await world.startActive('-p', 'use_sim_time:=true', '-p', 'battery.timeout:=30.0');
});
afterAll(() => world.close());

/** Lets simulated time pass in a twentieth of real time, best effort as `ros2 bag play --clock` publishes it. */
async function pass(from: number, to: number): Promise<void> {
  const ticks = Array.from({ length: (to - from) * 10 + 1 }, (_, index) => ({
    clock: { sec: from + Math.floor(index / 10), nanosec: (index % 10) * 100_000_000 },
  }));
  await world.peer.publish('rosgraph_msgs/msg/Clock', '/clock', ticks, { qos: sensorQos, rate: 200 });
}

describe('use_sim_time', () => {
  it('stamps and the beat once a second follow a best-effort /clock', async () => {
    const { peer } = world;
    const [first] = await peer.messages<EnergyMode>('mode', 1);
    expect(first.header.stamp.sec).toBe(0);
    await pass(5000, 5010);
    const modes = await peer.messages<EnergyMode>('mode', 8);
    const [last] = modes.slice(-1);
    expect(last.header.stamp.sec).toBeGreaterThanOrEqual(5008);
    expect(last.header.stamp.sec).toBeLessThanOrEqual(5010);
  });

  it('a battery that falls silent is no longer believed after battery.timeout of simulated time', async () => {
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
});
