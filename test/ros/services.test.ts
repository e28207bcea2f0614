import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, label, sensorQos } from './support/images.js';
import type { Decision } from './support/messages.js';
import { as, getParameters, setParameter } from './support/parameters.js';
import type { Outcome } from './support/peer.js';
import { World } from './support/world.js';

interface EnergyMode {
  readonly mode: number;
  readonly name: string;
  readonly forced: boolean;
  readonly timesteps: number;
  readonly events: number;
  readonly keep: number;
  readonly learning: boolean;
  readonly battery: number;
  readonly accuracy_target: number;
  readonly reason: string;
}

const latched = { durability: 'transient_local', depth: 1 } as const;
let world: World;
let next = 0;

beforeAll(async () => {
  world = await World.open();
  await world.startActive();
  const { peer } = world;
  await peer.subscribe('mode', 'topspark_msgs/msg/EnergyMode', '/topspark/energy_mode', latched);
  await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', { depth: 100 });
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
  await world.connect('/topspark', 'battery', 'sensor_msgs/msg/BatteryState', '/battery_state');
});
afterAll(() => world.close());

const trigger = (name: string): Promise<Outcome> => world.peer.call('std_srvs/srv/Trigger', `/topspark/${name}`);
const force = (mode: string): Promise<Outcome> =>
  world.peer.call('topspark_msgs/srv/SetEnergyMode', '/topspark/set_energy_mode', { mode });
const learn = (data: boolean): Promise<Outcome> =>
  world.peer.call('std_srvs/srv/SetBool', '/topspark/set_learning', { data });
const load = (name: string): Promise<Outcome> =>
  world.peer.call('topspark_msgs/srv/LoadCheckpoint', '/topspark/load_checkpoint', { name });

/** Shows one picture of a kind. Returns what was decided. */
async function decide(kind: number): Promise<Decision> {
  await world.peer.forget('decision');
  await world.peer.publish('sensor_msgs/msg/Image', '/image', [image(next++, kind)], { qos: sensorQos });
  const [decision] = await world.peer.messages<Decision>('decision', 1);
  return decision;
}

describe('~/energy_mode', () => {
  it('is latched: late subscribers receive it, and again every second', async () => {
    const [mode] = await world.peer.messages<EnergyMode>('mode', 1);
    const point = { mode: 0, name: 'FULL', forced: false, timesteps: 35, events: 400, keep: 96, learning: true };
    expect(mode).toMatchObject({ ...point, battery: NaN });
    expect(mode.accuracy_target).toBeCloseTo(0.9, 6);
    const start = performance.now();
    await world.peer.forget('mode');
    await world.peer.messages('mode', 2);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('follows the battery, at once and with the reason', async () => {
    const battery = { present: true, power_supply_status: 2, percentage: 0.2 };
    await world.peer.publish('sensor_msgs/msg/BatteryState', '/battery_state', [battery], { qos: sensorQos });
    const [mode] = await world.peer.messages<EnergyMode>('mode', 1, { where: { name: 'SAVER' } });
    expect(mode).toMatchObject({ mode: 2, timesteps: 16, events: 150, keep: 24 });
    expect(mode.battery).toBeCloseTo(0.2, 6);
    expect(mode.reason).toBe('battery at 20.0 %: SAVER holds from 15.0 %');
    expect(await decide(1)).toMatchObject({ timesteps: 16 });
  });
});

describe('~/set_energy_mode', () => {
  it('forces a mode and shows it in the parameter, and AUTO releases it', async () => {
    expect(await force('CRITICAL')).toEqual({ success: true, message: 'CRITICAL is in force: forced to CRITICAL' });
    const [mode] = await world.peer.messages<EnergyMode>('mode', 1, { where: { forced: true } });
    expect(mode).toMatchObject({ mode: 3, name: 'CRITICAL', learning: false });
    expect(await decide(2)).toMatchObject({ timesteps: 8, learned: false });
    const [parameter] = await getParameters(world.peer, '/topspark', 'energy_mode.forced');
    expect(parameter.string_value).toBe('CRITICAL');
    expect(await force('AUTO')).toMatchObject({ success: true, message: expect.stringContaining('SAVER') as string });
  });

  it('has the same effect as the parameter', async () => {
    expect(await setParameter(world.peer, '/topspark', 'energy_mode.forced', as.string('FULL'))).toBe('');
    expect(await decide(3)).toMatchObject({ timesteps: 35, learned: true });
  });

  it('refuses an unknown mode', async () => {
    const { success, message } = await force('full');
    expect(success).toBe(false);
    expect(message).toBe(
      'parameter energy_mode.forced is "full", expected one of AUTO, FULL, BALANCED, SAVER, CRITICAL',
    );
  });
});

describe('~/set_learning', () => {
  it('switches learning, and the weights stay while it is off', async () => {
    expect(await learn(false)).toEqual({ success: true, message: 'learning is off' });
    const before = (await trigger('save_checkpoint')).message.split('weights ')[1];
    expect(await decide(4)).toMatchObject({ learned: false });
    expect((await trigger('save_checkpoint')).message.split('weights ')[1]).toBe(before);
    expect(await learn(true)).toEqual({ success: true, message: 'learning is on' });
    expect(await decide(4)).toMatchObject({ learned: true });
    expect((await trigger('save_checkpoint')).message.split('weights ')[1]).not.toBe(before);
  });
});

describe('checkpoints', () => {
  it('restore the learned state by save, reset and load', async () => {
    const { peer } = world;
    await decide(5);
    await peer.publish('topspark_msgs/msg/Label', '/label', [label(next - 1, 'five')]);
    await expect.poll(async () => (await decide(5)).label, { timeout: 60_000 }).toBe('five');
    const saved = await trigger('save_checkpoint');
    const [, name, hash] = /^saved (checkpoint-\d{8}\.safetensors), weights ([0-9a-f]{64})$/.exec(saved.message) ?? [];
    expect(saved.success).toBe(true);

    expect((await trigger('reset_network')).success).toBe(true);
    expect(await decide(5)).toMatchObject({ label: '', confidence: 0, classes: [] });
    expect(await load(name)).toEqual({ success: true, message: `loaded ${name}, weights ${hash}` });
    expect(await decide(5)).toMatchObject({ label: 'five' });
    expect((await load('')).message).toContain(`loaded ${name}`);
  });

  it.each(['../checkpoint-00000001.safetensors', '/etc/passwd', 'checkpoint-77777777.safetensors', '..'])(
    '%s is refused and changes nothing',
    async (name) => {
      const { success, message } = await load(name);
      expect(success).toBe(false);
      expect(message).toContain(name);
      expect(await decide(5)).toMatchObject({ label: 'five' });
    },
  );
});
