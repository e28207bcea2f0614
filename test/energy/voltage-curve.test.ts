import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BatteryMonitor, readBattery } from '../../src/energy/battery.js';
import { chargeAt, readVoltageCurve } from '../../src/energy/voltage-curve.js';

const lead = '10.5=0 11.51=0.1, 12.1=0.5\t12.73=1';
const curve = readVoltageCurve(lead) ?? [];
const message = { present: true, percentage: NaN, charge: NaN, capacity: NaN, status: 2 };

describe('a voltage curve', () => {
  it.each([
    [12.73, 1],
    [13.8, 1],
    [12.1, 0.5],
    [11.51, 0.1],
    [11.805, 0.3],
    [11.005, 0.05],
    [10.5, 0],
    [8, 0],
  ])('maps %d V to the charge %d', (volts, charge) => {
    expect(chargeAt(curve, volts)).toBeCloseTo(charge, 9);
  });

  it.each([3.9, 7.3, 16, 25.2])('refuses %d V, which belongs to another battery', (volts) => {
    const found = `voltage is ${volts.toFixed(2)} V, expected 7.35..15.91 around the 10.5 to 12.73 V of battery.voltage_curve`;
    expect(() => chargeAt(curve, volts)).toThrow(found);
    expect(() => chargeAt(curve, volts)).toThrow(expect.objectContaining({ code: 'battery_voltage' }) as Error);
  });

  it('is absent when nothing is given', () => {
    expect(readVoltageCurve('')).toBeUndefined();
    expect(readVoltageCurve(' ')).toBeUndefined();
  });

  it.each([
    ['12=1', 'battery.voltage_curve has 1 pairs, expected 2..100 of volts and charge, as 10.5=0 12.1=0.5 12.7=1'],
    ['10=0 12', 'has the pair "12", expected volts above 0, an equals sign and a charge of 0..1, as 12.1=0.5'],
    ['10=0 12=100', 'has the pair "12=100"'],
    ['-1=0 12=1', 'has the pair "-1=0"'],
    ['1.2.3=0 12=1', 'has the pair "1.2.3=0"'],
    ['.=0 12=1', 'has the pair ".=0"'],
    ['12=1 10=0', 'has 10=0 after 12=1, expected rising volts and charges that never fall'],
    ['10=0.5 12=0.4', 'expected rising volts'],
    ['10=0 10=1', 'expected rising volts'],
    [Array.from({ length: 101 }, (_, k) => `${k + 1}=0`).join(' '), 'has 101 pairs'],
  ])('refuses the text %s', (text, sentence) => {
    expect(() => readVoltageCurve(text)).toThrow(sentence);
    expect(() => readVoltageCurve(text)).toThrow(expect.objectContaining({ code: 'out_of_range' }) as Error);
  });
});

it('reads every curve of the documents, each from empty to full', () => {
  const text = readFileSync(new URL('../../docs/controller.md', import.meta.url), 'utf8');
  const curves = [...text.matchAll(/`'([\d.= ]+)'`/g)].map(([, each]) => readVoltageCurve(each) ?? []);
  expect(curves).toHaveLength(4);
  for (const each of curves) expect([each[0][1], each.at(-1)?.[1]]).toEqual([0, 1]);
});

describe('a battery that sends only a voltage', () => {
  it.each([NaN, 0, -1])('has the charge of the curve when percentage is %d', (percentage) => {
    const found = readBattery({ ...message, percentage, voltage: 12.1 }, 1, curve);
    expect(found).toEqual({ charge: 0.5, charging: false, fromVoltage: 12.1 });
    expect(readBattery({ ...message, percentage, voltage: 12.1, present: false }, 100, curve).charge).toBe(0.5);
  });

  it('has the charge that it sends, if any', () => {
    expect(readBattery({ ...message, percentage: 0.8, voltage: 12.1 }, 1, curve)).toEqual({
      charge: 0.8,
      charging: false,
    });
    const counted = { ...message, charge: 3, capacity: 4, voltage: 12.1 };
    expect(readBattery(counted, 1, curve)).toEqual({ charge: 0.75, charging: false });
  });

  it('is unmeasured without a voltage, and without a curve', () => {
    expect(() => readBattery({ ...message, voltage: NaN }, 1, curve)).toThrow('percentage is NaN');
    expect(() => readBattery({ ...message, voltage: 12.1 })).toThrow('give no charge without battery.voltage_curve');
  });

  it('is believed, with one warning', () => {
    const monitor = new BatteryMonitor({ timeout: 30, voltageCurve: curve });
    const warning = 'the battery reports only a voltage: 12.10 V is 50.0 % by battery.voltage_curve';
    expect(monitor.hear({ ...message, voltage: 12.1 }, 0)).toBe(warning);
    expect(monitor.at(1)?.charge).toBe(0.5);
    expect(monitor.hear({ ...message, voltage: 12 }, 1)).toBeUndefined();
    expect(() => monitor.hear({ ...message, voltage: 24 }, 2)).toThrow('is it the curve of this battery');
    expect(monitor.at(2)?.charge).toBeCloseTo(0.1 + (0.4 * 0.49) / 0.59, 9);
  });
});
