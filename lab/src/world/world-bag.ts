import { Random } from 'topspark/base/random.js';
import { toStamp } from 'topspark/base/time.js';
import { BagWriter } from 'topspark/bag/bag-writer.js';
import { Drain } from './drain.js';
import { batteryMessage, labelMessage, odometryMessage, scanMessage } from './world-messages.js';
import { World } from './world.js';

/** A drive to be recorded. */
export interface WorldBagOptions {
  readonly seed: number;
  /** Simulated time [s]. */
  readonly duration: number;
  /** Scans a second. */
  readonly rate: number;
  /** Share of the scans whose place is named, 0..1. */
  readonly labels: number;
}

/** A Tuesday in 2026: bags with a time near 0 confuse tools. */
const begin = 1_790_000_000_000_000_000n;
const battery = { capacity: 250_000, period: 1 };

/** How far into a drive's random numbers labels are drawn: a bag and a run in memory name the same scans. */
export const labelStream = (seed: number): Random => new Random(BigInt(seed) + (2n << 32n));

/**
 * Records what the robot's topics would carry: `/scan`, `/odom`, `/label` and, once a second, `/battery_state`. A label
 * stands behind its scan.
 *
 * @param progress - called with each scan
 * @throws {@link TopsparkError} `bag_unwritable`
 */
export async function writeWorldBag(path: string, options: WorldBagOptions, progress: () => void): Promise<void> {
  const { seed, duration, rate, labels } = options;
  const world = new World({ seed });
  const random = labelStream(seed);
  const drain = new Drain(battery.capacity);
  const bag = await BagWriter.create(path);
  try {
    const period = 1 / rate;
    for (let k = 0; k < Math.round(duration * rate); k++) {
      world.step(period);
      const time = begin + BigInt(Math.round(world.time * 1e9));
      const stamp = toStamp(time);
      const power = drain.use(period, world.robot, 0);
      await bag.write('/scan', 'sensor_msgs/msg/LaserScan', time, scanMessage(world.scan(), period, stamp));
      await bag.write('/odom', 'nav_msgs/msg/Odometry', time, odometryMessage(world, stamp));
      if (k % Math.max(1, Math.round(rate * battery.period)) === 0) {
        const message = batteryMessage(drain.charge, power, stamp);
        await bag.write('/battery_state', 'sensor_msgs/msg/BatteryState', time, message);
      }
      if (random.uniform() < labels) {
        await bag.write('/label', 'topspark_msgs/msg/Label', time, labelMessage(world.place, stamp));
      }
      progress();
    }
  } catch (error) {
    bag.discard();
    throw error;
  }
  await bag.close();
}
