import { Random } from 'topspark/base/random.js';
import { toStamp } from 'topspark/base/time.js';
import { BagWriter } from 'topspark/bag/bag-writer.js';
import { ContrastPixels, libcaerPacket } from './contrast-pixels.js';
import { Drain } from './drain.js';
import { batteryMessage, labelMessage, odometryMessage, scanMessage } from './world-messages.js';
import { cameraPicture, cameraSize } from './world-camera.js';
import { World } from './world.js';

/** A drive to record. */
export interface WorldBagOptions {
  readonly seed: number;
  /** Simulated time [s]. */
  readonly duration: number;
  /** Scans a second. */
  readonly rate: number;
  /** Share of the scans that are labelled with their place, 0..1. */
  readonly labels: number;
  /** Whether to record simulated cameras ahead: `/image` with each scan, and `/events` with a packet each 10 ms. */
  readonly cameras?: boolean;
}

/** 21 September 2026, since times near 0 in bags confuse tools. */
const begin = 1_790_000_000_000_000_000n;
/** Time between two pictures that the event camera compares [s]. */
const cameraStep = 0.01;
const battery = { capacity: 250_000, period: 1 };

/** Random numbers for the labels of a drive, so that a bag and a run in memory label the same scans. */
export const labelStream = (seed: number): Random => new Random(BigInt(seed) + (2n << 32n));

/**
 * Records what the robot's topics would carry: `/scan`, `/odom`, `/label` and, once a second, `/battery_state`; with
 * cameras also `/image` and `/events`. A label comes after its scan.
 *
 * @param progress - called after each scan
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
    const cameras = options.cameras === true ? new Cameras(world, bag) : undefined;
    const looks = cameras ? Math.max(1, Math.round(period / cameraStep)) : 1;
    for (let k = 0; k < Math.round(duration * rate); k++) {
      for (let look = 0; look < looks; look++) {
        world.step(period / looks);
        await cameras?.send();
      }
      const time = begin + BigInt(Math.round(world.time * 1e9));
      const stamp = toStamp(time);
      const power = drain.use(period, world.robot, 0);
      await bag.write('/scan', 'sensor_msgs/msg/LaserScan', time, scanMessage(world.scan(), period, stamp));
      await cameras?.film(time);
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

/** The cameras of a robot; records what they see. */
class Cameras {
  readonly #pixels = new ContrastPixels(cameraSize.width);
  #packets = 0n;
  /** Start of the next packet [µs since the drive began]. */
  #since = 0;
  #picture: Uint8Array = new Uint8Array(0);

  constructor(
    readonly world: World,
    readonly bag: BagWriter,
  ) {}

  /** Records a packet with the events since the last packet. */
  async send(): Promise<void> {
    this.#picture = cameraPicture(this.world);
    const now = Math.round(this.world.time * 1e6);
    const events = this.#pixels.see(this.#picture, now);
    const start = events.at(0)?.time ?? this.#since;
    const header = { stamp: toStamp(begin + BigInt(1000 * start)), frame_id: 'event_camera' };
    const place = { ...cameraSize, seq: this.#packets++, time_base: 0n, encoding: 'libcaer', is_bigendian: false };
    const message = { header, ...place, events: libcaerPacket(events) };
    await this.bag.write('/events', 'event_camera_msgs/msg/EventPacket', begin + BigInt(1000 * now), message);
    this.#since = now;
  }

  /** Records the last picture. */
  async film(time: bigint): Promise<void> {
    const header = { stamp: toStamp(time), frame_id: 'camera' };
    const format = { ...cameraSize, encoding: 'mono8', is_bigendian: 0, step: cameraSize.width };
    await this.bag.write('/image', 'sensor_msgs/msg/Image', time, { header, ...format, data: this.#picture });
  }
}
