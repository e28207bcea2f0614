import { describe, expect, it } from 'vitest';
import { inertialWindows } from '../../src/datasets/inertial-windows.js';
import { sensorEncoder } from '../../../src/sensing/sensor-kinds.js';

const rate = 50;
/** Rows of an IMU that is shaken along x at 5 Hz, with gravity along z: `seconds` [s], `amount` [m/s²]. */
const shaking = (seconds: number, amount: number): number[][] =>
  Array.from({ length: seconds * rate + 1 }, (_, k) => {
    const phase = (2 * Math.PI * 5 * (k + 0.25)) / rate;
    return [amount * Math.sin(phase), 0, 9.8, 0, 0, 0];
  });

describe('inertialWindows', () => {
  it('returns the windows of the sensor at its defaults: 1 s long, one every 0.5 s', () => {
    const windows = inertialWindows(shaking(3, 4), rate);
    expect(windows).toHaveLength(5);
    const { rows, columns } = sensorEncoder({ name: 'imu' }).encoder;
    expect(windows.every((window) => window.length === rows * columns)).toBe(true);
  });

  it('encodes the strength of a motion', () => {
    const [gentle] = inertialWindows(shaking(1, 1), rate);
    const [strong] = inertialWindows(shaking(1, 8), rate);
    // The standard deviation along x is the second of its three features, of 12 cells each.
    const preferred = (window: Uint8Array): number => {
      const cells = [...window.subarray(12, 24)];
      return cells.indexOf(Math.max(...cells));
    };
    expect(preferred(strong)).toBeGreaterThan(preferred(gentle));
    expect(gentle.subarray(36)).toEqual(strong.subarray(36));
  });

  it('returns no window before the first is complete', () => {
    expect(inertialWindows(shaking(0.9, 4), rate)).toEqual([]);
  });

  it('refuses a quantity that is not a number', () => {
    const rows = shaking(2, 4);
    rows[30][4] = NaN;
    expect(() => inertialWindows(rows, rate)).toThrow('angular_velocity.y is NaN, expected a number in -1e6..1e6');
  });
});
