import { describe, expect, it } from 'vitest';
import { batteryFields, drained } from '../../src/world/battery-model.js';
import { readBattery } from '../../../src/energy/battery.js';

describe('batteryFields', () => {
  it('is a message that the agent reads as discharging', () => {
    const fields = batteryFields(0.42);
    expect(readBattery({ ...fields, status: fields.power_supply_status })).toEqual({ charge: 0.42, charging: false });
  });

  it('has a voltage that falls with the charge, within the range of three lithium-ion cells', () => {
    const voltages = [1, 0.8, 0.5, 0.2, 0].map((charge) => batteryFields(charge).voltage);
    expect([...voltages].sort((a, b) => b - a)).toEqual(voltages);
    for (const voltage of voltages) expect(voltage).toBeGreaterThan(9);
    for (const voltage of voltages) expect(voltage).toBeLessThanOrEqual(12.6);
  });

  it('has NaN for unmeasured fields, and a negative current while discharging', () => {
    const { temperature, cell_temperature, current, cell_voltage, voltage } = batteryFields(0.5);
    expect(temperature).toBeNaN();
    expect([...cell_temperature]).toEqual([NaN, NaN, NaN]);
    expect(current).toBeLessThan(0);
    expect(cell_voltage.reduce((sum, cell) => sum + cell, 0)).toBeCloseTo(voltage, 4);
  });
});

describe('drained', () => {
  it('falls evenly, then stays', () => {
    for (const [elapsed, charge] of [
      [0, 1],
      [25, 0.58],
      [50, 0.16],
      [80, 0.16],
    ] as const) {
      expect(drained(1, 0.16, 50, elapsed)).toBeCloseTo(charge, 12);
    }
  });
});
