import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BatteryMonitor, type BatteryMessage } from '../../src/energy/battery.js';
import { SampleSource } from '../../src/sensing/in-time/sample-source.js';
import { TopsparkError } from '../../src/base/errors.js';
import { generatedNote, table } from '../docs/reference/table.js';
import { type Habit, habits, type Shown } from './habits.js';

/** The outcome of a message: its intensities, or the cause of its refusal or silence. */
interface Outcome {
  readonly intensities?: Uint8Array;
  readonly cause?: string;
}

/** Shows a message for as long as a window lasts, at 50 Hz. */
function show(sensor: string, { message, values = {}, frameId = 'sensor', unstamped }: Shown): Outcome {
  const source = new SampleSource({ use: [{ name: sensor, values }], sync: { slop: 0, policy: 'wait', queue: 8 } });
  let last: Outcome = {};
  for (let k = 0; k < 60; k++) {
    const stamp = unstamped ? 0n : 1_000_000_000n + BigInt(k) * 20_000_000n;
    try {
      for (const each of source.hear({ sensor, stamp, frameId, taken: 0, message })) {
        if (!('parts' in each)) continue;
        const into = new Uint8Array(source.rows * source.columns);
        const { usable, refusals } = source.encode(each, into);
        last = usable ? { intensities: into } : { cause: refusals[0].cause };
      }
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      last = { cause: error.code };
    }
  }
  return last;
}

/** The accepted charge, or the cause of a refusal. */
function hear({ shown, battery }: Habit): number | string | undefined {
  const monitor = new BatteryMonitor({ timeout: 30, ...battery });
  try {
    monitor.hear(shown.message as BatteryMessage, 0);
    return monitor.at(0)?.charge;
  } catch (error) {
    if (!(error instanceof TopsparkError)) throw error;
    return error.code;
  }
}

const outcomeOf = (habit: Habit): string => {
  const found = habit.sensor === 'battery' ? hear(habit) : (show(habit.sensor, habit.shown).cause ?? 1);
  return typeof found === 'string' ? `\`${found}\`` : 'read';
};

describe('what drivers send', () => {
  const sensors = habits.filter(({ sensor }) => sensor !== 'battery');

  it.each(sensors)('from $driver to $sensor is handled as the table says: $habit', ({ sensor, shown, as, cause }) => {
    const found = show(sensor, shown);
    if (cause !== undefined) expect(found.cause).toBe(cause);
    else expect(found.intensities?.some((byte) => byte > 0)).toBe(true);
    if (as !== undefined) expect(found).toEqual(show(sensor, as));
  });

  it.each(habits.filter(({ sensor }) => sensor === 'battery'))(
    'from $driver to the battery is handled as the table says: $habit',
    (habit) => {
      const found = hear(habit);
      if (habit.charge === undefined) expect(found).toBe(habit.cause);
      else expect(found).toBeCloseTo(habit.charge, 6);
    },
  );

  // `npm run docs` writes the table.
  it('is listed in docs/drivers.md with the results', async () => {
    const file = fileURLToPath(new URL('../../docs/drivers.md', import.meta.url));
    await expect(document()).toMatchFileSnapshot(file);
  });
});

function document(): string {
  const head = ['driver', 'input', 'what it sends', 'comes out as', 'what the node does'];
  const rows = habits.map((habit) => {
    const { driver, sensor, habit: what, does } = habit;
    return [driver, `\`${sensor === 'battery' ? 'battery_state' : sensor}\``, what, outcomeOf(habit), does];
  });
  return [
    '# Drivers',
    generatedNote('the messages that the tests show to the node, `test/drivers/habits.ts`'),
    [
      'What drivers are known to send, and how the node handles it. _read_ means that it becomes a sample or a charge. A name in the fourth',
      'column is the cause under which the message is counted. [sensors.md](sensors.md) describes each sensor in full,',
      '[controller.md](controller.md#the-mode-battery-and-mission) the battery, and [troubleshooting.md](troubleshooting.md) stamps, topics and quality of service.',
    ].join('\n'),
    table(head, rows),
    [
      'Driver-specific types are not supported, such as `livox_ros_driver2/CustomMsg` and the battery in `kobuki_ros_interfaces/SensorState`. A node of a few',
      'lines has to convert them to the types of [node.md](node.md#topics). With `publish_multiecho` urg_node sends sensor_msgs/MultiEchoLaserScan, which is not',
      'supported either; it also sends `first`, `last` and `most_intense`, each a scan.',
    ].join('\n'),
    '',
  ].join('\n\n');
}
