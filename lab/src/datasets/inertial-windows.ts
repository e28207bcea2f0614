import { sensorEncoder } from 'topspark/sensing/sensor-kinds.js';
import type { ImuMessage } from 'topspark/sensing/motion/imu-sensor.js';
import { Silence } from 'topspark/sensing/refuse.js';

/**
 * Windows of an inertial recording as a robot's agent would see them. Rows become sensor_msgs/Imu, and the encoder of
 * that sensor, with its defaults, decides when a window is complete and what its intensities are.
 *
 * @param rows - acceleration x, y, z [m/s²], rotation x, y, z [rad/s]; one row per sample of the sensor
 * @param rate - samples per second [1/s]
 * @returns intensities of every window, one row of bytes each; windows without contrast are left out
 * @throws {@link TopsparkError} `imu_out_of_range` naming the quantity
 */
export function inertialWindows(rows: readonly (readonly number[])[], rate: number): Uint8Array[] {
  const { encoder } = sensorEncoder({ name: 'imu' });
  const windows: Uint8Array[] = [];
  rows.forEach((row, k) => {
    const stamp = BigInt(Math.round((1e9 * k) / rate));
    const message = asMessage(row);
    if (!encoder.hear?.(message, stamp)) return;
    const into = new Uint8Array(encoder.rows * encoder.columns);
    try {
      encoder.encode(message, into, stamp, '');
      windows.push(into);
    } catch (error) {
      if (!(error instanceof Silence)) throw error;
    }
  });
  return windows;
}

/** Unknown covariances, which sensor_msgs/Imu writes as zeros. */
const unknown = new Float64Array(9);

function asMessage([ax, ay, az, wx, wy, wz]: readonly number[]): ImuMessage {
  return {
    linear_acceleration: { x: ax, y: ay, z: az },
    linear_acceleration_covariance: unknown,
    angular_velocity: { x: wx, y: wy, z: wz },
    angular_velocity_covariance: unknown,
  };
}
