import { TopsparkError } from '../../base/errors.js';
import { double, integer, limit, type ParameterValues } from '../../base/parameters.js';
import { stampText } from '../../base/time.js';
import { MotionWindow, motionAxes } from './motion-window.js';
import { PopulationCode } from './population-code.js';
import { refuse, Silence } from '../refuse.js';
import type { HeardMessages, SensorEncoder, SensorKind } from '../sensor.js';

interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** The fields of sensor_msgs/Imu that are read: acceleration [m/s²], rotation [rad/s]. */
export interface ImuMessage {
  readonly angular_velocity: Vector;
  readonly angular_velocity_covariance: ArrayLike<number>;
  readonly linear_acceleration: Vector;
  readonly linear_acceleration_covariance: ArrayLike<number>;
}

/** Number of messages kept: a minute at 130 Hz, or four seconds at 2 kHz. */
const capacity = 8192;
/** Fewest messages in a window. */
const fewest = 8;
/** Messages of one packet may share the stamp at which the packet was read. */
const mostOfOneStamp = 100;
const width = 0.07;

/**
 * An inertial sensor: sensor_msgs/Imu. A sample is a window of messages. For each of the six quantities, a population
 * of cells encodes each of mean, standard deviation and rate of mean crossings. The deviation is encoded by its root,
 * which separates gentle vibrations. A quantity that the sensor does not measure (first covariance −1, REP-145) is
 * silent.
 */
export const imu: SensorKind = {
  name: 'imu',
  topic: 'imu',
  type: 'sensor_msgs/msg/Imu',
  remembers: true,
  parameters: [
    double('window', 1, [0.05, 60], 'read-only', 'time that a sample looks back [s]'),
    limit(double('hop', 0.5, [0.01, 60], 'read-only', 'time between samples, where it is the first sensor [s]')),
    double('max_acceleration', 20, [0.1, 10_000], 'read-only', 'largest acceleration resolved [m/s²]'),
    double('max_rotation', 5, [0.01, 1000], 'read-only', 'fastest rotation resolved [rad/s]'),
    integer('cells', 12, [4, 32], 'cells of each of the 18 features'),
  ],
  create: (values) => new ImuEncoder(values),
};

/** A share as a byte; NaN (no measurement) becomes 0. */
const byteOf = (share: number): number => Math.floor(255 * Math.min(1, Math.max(0, share || 0)) + 0.5);

class ImuEncoder implements SensorEncoder<ImuMessage> {
  readonly rows = 1;
  readonly columns: number;
  readonly polarity = false;
  readonly heardPerStamp = motionAxes;
  readonly #window = new MotionWindow(capacity);
  readonly #code: PopulationCode;
  readonly #length: bigint;
  readonly #hop: bigint;
  readonly #limits: readonly number[];
  /** From this stamp on, a message completes the next sample [ns]. */
  #due = 0n;
  /** Stamp of the first message since the start, or since a pause [ns]. */
  #begun = 0n;
  /** Whether a sample was made since then. */
  #made = true;
  #fault: TopsparkError | undefined;
  /** Mean, deviation and crossings of each quantity in the window that ends with a message; NaN where it is absent. */
  readonly #features = new Float64Array(3 * motionAxes);
  #seen: ImuMessage | undefined;
  /**
   * Mean, root of the deviation, and crossings times that root: crossings of a resting sensor are only its noise. Each
   * is a share of its range.
   */
  readonly sketch = {
    length: 3 * motionAxes,
    write: (message: ImuMessage, into: Uint8Array, stamp: bigint): void => {
      this.#read(message, stamp);
      for (let axis = 0; axis < motionAxes; axis++) {
        const [mean, deviation, crossings] = this.#features.subarray(3 * axis);
        const limit = this.#limits[axis];
        const strength = Math.min(1, Math.sqrt(deviation / limit));
        into[3 * axis] = byteOf((mean / limit + 1) / 2);
        into[3 * axis + 1] = byteOf(strength);
        into[3 * axis + 2] = byteOf(crossings * strength);
      }
    },
  };

  constructor(values: ParameterValues) {
    const nanoseconds = (name: string): bigint => BigInt(Math.round(values.number(name) * 1e9));
    this.#length = nanoseconds('window');
    this.#hop = nanoseconds('hop');
    const [acceleration, rotation] = [values.number('max_acceleration'), values.number('max_rotation')];
    this.#limits = [acceleration, acceleration, acceleration, rotation, rotation, rotation];
    this.#code = new PopulationCode(values.number('cells'), width);
    this.columns = 3 * motionAxes * this.#code.cells;
  }

  get span(): bigint {
    return this.#length;
  }

  hear(message: ImuMessage, stamp: bigint): boolean {
    const values = quantities(message);
    const { newest } = this.#window;
    if (newest !== undefined) this.#check(stamp, newest);
    // After a pause, a whole window must come first.
    if (newest === undefined || this.#paused(stamp, newest)) this.#begin(stamp);
    this.#window.add(stamp, values);
    if (stamp < this.#due) return false;
    // Samples are due on a grid: a late message does not move the next one. After a gap a new grid begins.
    const late = stamp - this.#due;
    this.#due = (2n * late < this.#hop ? this.#due : stamp) + this.#hop;
    this.#made = true;
    return true;
  }

  takeFault(): TopsparkError | undefined {
    const fault = this.#fault;
    this.#fault = undefined;
    return fault;
  }

  encode(message: ImuMessage, into: Uint8Array, stamp: bigint): void {
    into.fill(0);
    if (this.#seen !== message) this.#read(message, stamp);
    // Used once: the next message may be the same object with other values.
    this.#seen = undefined;
    const { cells } = this.#code;
    for (let axis = 0; axis < motionAxes; axis++) {
      if (absent(message, axis)) continue;
      const [features, limit] = [this.#features, this.#limits[axis]];
      const at = 3 * axis * cells;
      this.#code.encode((features[3 * axis] / limit + 1) / 2, into, at);
      this.#code.encode(Math.sqrt(features[3 * axis + 1] / limit), into, at + cells);
      this.#code.encode(features[3 * axis + 2], into, at + 2 * cells);
    }
  }

  /** Fills the features of the window that ends with a message. @throws Silence where they say nothing */
  #read(message: ImuMessage, stamp: bigint): void {
    this.#seen = undefined;
    const window = this.#window.inside(stamp, this.#length);
    if (window.count < fewest) {
      throw new Silence(
        'imu_few',
        `window of ${Number(this.#length) / 1e9} s holds ${window.count} messages, expected at least ${fewest}`,
        true,
      );
    }
    if (absent(message, 0) && absent(message, 3)) {
      const found = 'neither acceleration nor rotation is measured: both covariances are -1';
      throw new Silence('imu_unmeasured', `${found}, expected one of them: nothing to see`);
    }
    const { means, deviations, crossings } = this.#window.features(window);
    for (let axis = 0; axis < motionAxes; axis++) {
      const known = !absent(message, axis);
      this.#features[3 * axis] = known ? means[axis] : NaN;
      this.#features[3 * axis + 1] = known ? deviations[axis] : NaN;
      this.#features[3 * axis + 2] = known ? crossings[axis] : NaN;
    }
    this.#seen = message;
  }

  get heard(): HeardMessages | undefined {
    const window = this.#kept;
    return window.count === 0 ? undefined : { ...this.#window.copy(window), due: this.#due };
  }

  set heard(heard: HeardMessages | undefined) {
    const { newest } = this.#window;
    if (heard === undefined && newest !== undefined) this.#end(newest, 'then the stamps started again');
    this.#window.clear();
    this.#made = true;
    heard?.stamps.forEach((stamp, k) => {
      this.#window.add(stamp, heard.values.subarray(k * motionAxes, (k + 1) * motionAxes));
    });
    this.#due = heard?.due ?? 0n;
  }

  /** The messages of the last window, which a later sample may contain. */
  get #kept(): { readonly first: number; readonly count: number } {
    return this.#window.inside(this.#window.newest ?? 0n, this.#length);
  }

  #check(stamp: bigint, newest: bigint): void {
    const found = `message of ${stampText(stamp)}`;
    if (stamp <= newest - this.#length) {
      refuse('imu_late', `${found} came after that of ${stampText(newest)}, expected within imu.window`);
    }
    // Stamp 0 comes from a driver that does not stamp at all.
    const most = stamp === 0n ? 1 : mostOfOneStamp;
    if (stamp === newest && this.#window.sameAsNewest(most) >= most) {
      const before = most === 1 ? 'one' : `${most}`;
      refuse('imu_stamp_stuck', `${found} has the stamp of ${before} before it, expected stamps that go on`);
    }
  }

  #begin(stamp: bigint): void {
    const { newest } = this.#window;
    if (newest !== undefined) this.#end(newest, `then none for ${seconds(stamp - newest)}`);
    this.#begun = stamp;
    this.#made = false;
    this.#due = stamp + this.#length;
  }

  // All these messages were valid, but a pause or a restart came before the first sample.
  #end(newest: bigint, why: string): void {
    if (this.#made) return;
    const found = `messages came for ${seconds(newest - this.#begun)}, ${why}`;
    const expected = `expected a whole imu.window of ${seconds(this.#length)}`;
    this.#fault = new TopsparkError('imu_incomplete', 'data', `${found}; ${expected}`);
  }

  // Windows that never hold enough messages are not pauses: the sensor is too slow, and that is reported.
  #paused(stamp: bigint, newest: bigint): boolean {
    return stamp - newest > this.#length && this.#kept.count >= fewest;
  }
}

const seconds = (nanoseconds: bigint): string => `${(Number(nanoseconds) / 1e9).toFixed(2)} s`;

function quantities(message: ImuMessage): number[] {
  const { linear_acceleration: a, angular_velocity: w } = message;
  const values = [a.x, a.y, a.z, w.x, w.y, w.z].map((value, axis) => (absent(message, axis) ? 0 : value));
  const wrong = values.findIndex((value) => !(Math.abs(value) <= 1e6));
  if (wrong >= 0) {
    const name = `${wrong < 3 ? 'linear_acceleration' : 'angular_velocity'}.${'xyz'[wrong % 3]}`;
    refuse('imu_out_of_range', `${name} is ${values[wrong]}, expected a number in -1e6..1e6`);
  }
  return values;
}

function absent(message: ImuMessage, axis: number): boolean {
  const covariance = axis < 3 ? message.linear_acceleration_covariance : message.angular_velocity_covariance;
  return covariance[0] === -1;
}
