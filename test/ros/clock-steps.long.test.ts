import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { faketimeLibrary } from '../../scripts/testing/faketime.mjs';
import { image, sensorQos } from './support/images.js';
import type { Status } from './support/messages.js';
import type { NodeProcess } from './support/node-process.js';
import { World } from './support/world.js';

interface Stamped {
  readonly header: { readonly stamp: { readonly sec: number } };
}
interface EnergyMode extends Stamped {
  readonly name: string;
  readonly reason: string;
}

const library = await faketimeLibrary();

// Debian's libfaketime sets CLOCK_REALTIME for the node's process only; CLOCK_MONOTONIC continues as in real life.
describe.skipIf(library === undefined)('a system clock that is set under the node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-clock-'));
  const file = join(folder, 'offset');
  let world: World;
  let node: NodeProcess;
  let shown = 0;

  /** Sets the node's clock to the real one plus this many seconds. */
  const set = (offset: number): void => {
    writeFileSync(`${file}.new`, `${offset < 0 ? '' : '+'}${offset}\n`);
    renameSync(`${file}.new`, file);
  };
  const logged = (text: string): number => node.lines.filter(({ msg }) => msg.includes(text)).length;
  const more = async (text: string, count: number): Promise<void> => {
    const wanted = logged(text) + count;
    await vi.waitFor(
      () => {
        expect(logged(text), text).toBeGreaterThanOrEqual(wanted);
      },
      { timeout: 60_000 },
    );
  };
  const show = async (count: number): Promise<void> => {
    const images = Array.from({ length: count }, (_, index) => image(shown + index));
    shown += count;
    await world.peer.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 50 });
  };
  const nextStatus = async (count = 1): Promise<Status> => {
    await world.peer.forget('status');
    return (await world.peer.messages<Status>('status', count)).slice(-1)[0];
  };

  beforeAll(async () => {
    set(0);
    world = await World.open();
    const parameters = [
      ...['checkpoint.interval:=3.0', 'battery.timeout:=8.0', "schedule.energy_log:='* * * * * *'"],
      'energy_mode.dwell:=0.0',
    ];
    const variables = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    };
    node = world.startWith(variables, ...parameters.flatMap((each) => ['-p', each]));
    await node.waitForLog('active');
    await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
    await world.peer.subscribe('mode', 'topspark_msgs/msg/EnergyMode', '/topspark/energy_mode', { depth: 100 });
    await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
    await world.connect('/topspark', 'battery', 'sensor_msgs/msg/BatteryState', '/battery_state');
    await hearBattery();
    await show(50);
    expect((await nextStatus()).decided).toBeGreaterThan(0);
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function hearBattery(percentage = 0.25, name = 'SAVER'): Promise<void> {
    await world.peer.forget('mode');
    const battery = { present: true, power_supply_status: 2, percentage };
    const hear = async (): Promise<void> => {
      await world.peer.publish('sensor_msgs/msg/BatteryState', '/battery_state', [battery], { qos: sensorQos });
      const modes = await world.peer.messages<EnergyMode>('mode', 0, { where: { name } });
      expect(modes.some(({ reason }) => reason.startsWith('battery at'))).toBe(true);
    };
    await vi.waitFor(hear, { timeout: 60_000 });
  }

  it.each([
    ['back', -3600, "the system's clock was set back by 3600."],
    ['forward', 3600, "the system's clock was set forward, or the machine slept, by 7200."],
  ])(
    'keeps everything running when it is set %s by an hour or more, with one warning',
    async (_way, offset, sentence) => {
      await hearBattery();
      const before = await nextStatus();
      const jumps = logged("the system's clock was set");
      set(offset);
      await node.waitForLog(sentence.slice(0, -2));
      const after = await nextStatus(2);
      expect(Math.sign(after.header.stamp.sec - before.header.stamp.sec)).toBe(Math.sign(offset));

      // Capped decisions, and checkpoints of what they learned.
      const saved = more('saved checkpoint-', 1);
      await show(200);
      const status = await nextStatus(2);
      // 4 s at 10 a second; fewer where the machine is busy.
      expect(status.decided - after.decided).toBeGreaterThan(15);
      expect(status.learned).toBeGreaterThan(after.learned);
      await saved;
      await more('energy since', 2);

      const reason = 'battery unknown: SAVER is kept';
      expect(await world.peer.messages<EnergyMode>('mode', 1, { where: { reason } })).not.toEqual([]);
      expect(logged("the system's clock was set")).toBe(jumps + 1);
      await world.diagnostic('/topspark', 'clock', 'Jumps of the system clock', (value) => value === String(jumps + 1));
      expect(node.other).toBe('');
    },
  );

  it.each([
    ['back', -10_800],
    ['forward', 10_800],
  ])(
    'keeps a node in CRITICAL when it is set %s: it decides within its cap, and reports a silent battery',
    async (_way, offset) => {
      await hearBattery(0.05, 'CRITICAL');
      const jumps = logged("the system's clock was set");
      set(offset);
      await more("the system's clock was set", 1);
      await world.peer.forget('mode');
      const before = await nextStatus();
      await show(200);
      const after = await nextStatus(2);
      // At most 2 a second while images come, plus those of the beats at both ends.
      expect(after.decided - before.decided).toBeGreaterThan(2);
      expect(after.decided - before.decided).toBeLessThan(60);
      const reason = 'battery unknown: CRITICAL is kept';
      expect(await world.peer.messages<EnergyMode>('mode', 1, { where: { reason } })).not.toEqual([]);
      const modes = await world.peer.messages<EnergyMode>('mode', 1);
      expect(new Set(modes.map(({ name }) => name))).toEqual(new Set(['CRITICAL']));
      expect(logged("the system's clock was set")).toBe(jumps + 1);
      expect(node.other).toBe('');
    },
  );
});
