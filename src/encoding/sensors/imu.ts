import { double, integer } from '../../base/parameter-entry.js';
import type { ParameterValues } from '../../base/parameter-values.js';
import { MotionWindow, motionAxes } from '../motion-window.js';
import { PopulationCode } from '../population-code.js';
import { refuse } from '../refuse.js';
import type { HeardMessages, SensorEncoder, SensorKind } from '../sensor.js';
import { Silence } from '../silence.js';

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

/** Samples that are kept: a minute at 130 Hz, or four seconds at 2 kHz. */
const capacity = 8192;
/** Samples that a window must hold. */
const fewest = 8;
const width = 0.07;

/**
 * An inertial sensor: sensor_msgs/Imu. A sample is a window of messages; mean, standard deviation and rate of crossing the
 * mean of each of the six quantities are coded by a population of cells each. The deviation is coded by its root, which
 * tells gentle vibrations apart. A quantity that the sensor does not have (first covariance −1, REP-145) is silent.
 */
export const imu: SensorKind = {
  name: 'imu',
  topic: 'imu',
  type: 'sensor_msgs/msg/Imu',
  parameters: [
    double('window', 1, [0.05, 60], 'read-only', 'time that a sample looks back [s]'),
    double('hop', 0.5, [0.01, 60], 'read-only', 'time between samples, where it is the first sensor [s]'),
    double('max_acceleration', 20, [0.1, 10_000], 'read-only', 'largest acceleration that is told apart [m/s²]'),
    double('max_rotation', 5, [0.01, 1000], 'read-only', 'fastest rotation that is told apart [rad/s]'),
    integer('cells', 12, [4, 32], 'cells of each of the 18 features'),
  ],
  create: (values) => new ImuEncoder(values),
};

class ImuEncoder implements SensorEncoder<ImuMessage> {
  readonly rows = 1;
  readonly columns: number;
  readonly polarity = false;
  readonly #window = new MotionWindow(capacity);
  readonly #code: PopulationCode;
  readonly #length: bigint;
  readonly #hop: bigint;
  readonly #limits: readonly number[];
  /** Stamp from which on a message completes the next sample [ns]. */
  #due = 0n;

  constructor(values: ParameterValues) {
    const nanoseconds = (name: string): bigint => BigInt(Math.round(values.number(name) * 1e9));
    this.#length = nanoseconds('window');
    this.#hop = nanoseconds('hop');
    const [acceleration, rotation] = [values.number('max_acceleration'), values.number('max_rotation')];
    this.#limits = [acceleration, acceleration, acceleration, rotation, rotation, rotation];
    this.#code = new PopulationCode(values.number('cells'), width);
    this.columns = 3 * motionAxes * this.#code.cells;
  }

  hear(message: ImuMessage, stamp: bigint): boolean {
    const values = quantities(message);
    const { newest } = this.#window;
    // A recording that starts again, or a clock that was set back.
    if (newest !== undefined && stamp < newest) this.#window.clear();
    // After a pause a whole window comes first.
    if (this.#window.newest === undefined || this.#paused(stamp)) this.#due = stamp + this.#length;
    this.#window.add(stamp, values);
    if (stamp < this.#due) return false;
    this.#due = stamp + this.#hop;
    return true;
  }

  encode(message: ImuMessage, into: Uint8Array, stamp: bigint): void {
    const window = this.#window.inside(stamp, this.#length);
    if (window.count < fewest) {
      const seconds = Number(this.#length) / 1e9;
      throw new Silence(
        'imu_few',
        `window of ${seconds} s holds ${window.count} messages, expected at least ${fewest}`,
      );
    }
    const { cells } = this.#code;
    into.fill(0);
    for (let axis = 0; axis < motionAxes; axis++) {
      if (absent(message, axis)) continue;
      const limit = this.#limits[axis];
      const { mean, deviation, crossings } = this.#window.features(axis, window);
      const at = 3 * axis * cells;
      this.#code.encode((mean / limit + 1) / 2, into, at);
      this.#code.encode(Math.sqrt(deviation / limit), into, at + cells);
      this.#code.encode(crossings, into, at + 2 * cells);
    }
  }

  get heard(): HeardMessages | undefined {
    const window = this.#kept;
    return window.count === 0 ? undefined : { ...this.#window.copy(window), due: this.#due };
  }

  set heard(heard: HeardMessages | undefined) {
    this.#window.clear();
    heard?.stamps.forEach((stamp, k) => {
      this.#window.add(stamp, heard.values.subarray(k * motionAxes, (k + 1) * motionAxes));
    });
    this.#due = heard?.due ?? 0n;
  }

  /** The messages of the last window: those that a sample to come may hold. */
  get #kept(): { readonly first: number; readonly count: number } {
    return this.#window.inside(this.#window.newest ?? 0n, this.#length);
  }

  // A sensor whose windows never hold enough does not pause: it is too slow, and that is told.
  #paused(stamp: bigint): boolean {
    return stamp - (this.#window.newest ?? stamp) > this.#length && this.#kept.count >= fewest;
  }
}

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
