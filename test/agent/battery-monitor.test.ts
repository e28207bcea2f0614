import { describe, expect, it } from 'vitest';
import { BatteryMonitor } from '../../src/agent/battery-monitor.js';

const message = { present: true, percentage: 0.5, charge: NaN, capacity: NaN, status: 2 };

describe('the battery that is believed', () => {
  it('is unknown before it is heard', () => {
    expect(new BatteryMonitor(30).at(0)).toBeUndefined();
  });

  it('is believed until it is too old', () => {
    const monitor = new BatteryMonitor(30);
    monitor.hear(message, 100);
    expect(monitor.at(130)).toEqual({ charge: 0.5, charging: false });
    expect(monitor.at(130.1)).toBeUndefined();
  });

  it('is unknown when time jumped back', () => {
    const monitor = new BatteryMonitor(30);
    monitor.hear(message, 100);
    expect(monitor.at(5)).toBeUndefined();
  });

  it('stays what it was when a message is refused or tells of no battery', () => {
    const monitor = new BatteryMonitor(30);
    monitor.hear(message, 100);
    expect(() => {
      monitor.hear({ ...message, percentage: 87 }, 101);
    }).toThrow('looks like');
    monitor.hear({ ...message, present: false, percentage: 0.1 }, 102);
    expect(monitor.at(103)?.charge).toBe(0.5);
  });
});
