import { describe, expect, it } from 'vitest';
import { BatteryMonitor, type BatteryMessage } from '../../src/energy/battery.js';

const message = { present: true, percentage: 0.5, charge: NaN, capacity: NaN, status: 2 };
const monitor = (full = 1) => new BatteryMonitor({ timeout: 30, full });

/** Hears a message. Returns the cause of its refusal, its warning, or nothing. */
function heard(by: BatteryMonitor, now: number, change: Partial<BatteryMessage>): string | undefined {
  try {
    return by.hear({ ...message, ...change }, now);
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

describe('BatteryMonitor', () => {
  it('knows no charge before the first message', () => {
    expect(monitor().at(0)).toBeUndefined();
  });

  it('keeps the charge until it is too old', () => {
    const battery = monitor();
    heard(battery, 100, {});
    expect(battery.at(130)).toEqual({ charge: 0.5, charging: false });
    expect(battery.at(130.1)).toBeUndefined();
  });

  it('knows no charge after time jumped back', () => {
    const battery = monitor();
    heard(battery, 100, {});
    expect(battery.at(5)).toBeUndefined();
  });

  it('keeps the charge when a message is refused', () => {
    const battery = monitor();
    heard(battery, 100, {});
    expect(heard(battery, 101, { percentage: 87 })).toBe('battery_out_of_range');
    expect(heard(battery, 102, { percentage: NaN })).toBe('battery_unmeasured');
    expect(heard(battery, 103, { present: false, percentage: 0, voltage: 0 })).toBe('battery_absent');
    expect(battery.at(104)?.charge).toBe(0.5);
  });
});

describe('a driver that never sets present', () => {
  it('is believed down to 0, with one warning', () => {
    const battery = monitor();
    const warning = heard(battery, 0, { present: false, percentage: 0.2 });
    expect(warning).toBe(
      'present is false though the charge is 20.0 %: the charge is used, since many drivers never set present',
    );
    for (const [now, percentage] of [0.1, 0.05, 0.01, 0].entries()) {
      expect(heard(battery, now + 1, { present: false, percentage })).toBeUndefined();
      expect(battery.at(now + 1)?.charge).toBe(percentage);
    }
  });

  it('is not believed at 0 when it has sent nothing else', () => {
    const battery = monitor();
    for (let now = 0; now < 60; now += 1) {
      expect(heard(battery, now, { present: false, percentage: 0, voltage: 12.1 })).toBe('battery_absent');
    }
    expect(battery.at(60)).toBeUndefined();
  });
});

describe('a driver of 0..100', () => {
  it('is never believed once it is recognised, not even in its last per cent', () => {
    const battery = monitor();
    for (const [now, percentage] of [3, 2.5, 2.1].entries()) {
      expect(heard(battery, now, { percentage })).toBe('battery_out_of_range');
    }
    expect(heard(battery, 3, { percentage: 1.5 })).toBe('battery_scale');
    expect(() => {
      battery.hear({ ...message, percentage: 0.8 }, 4);
    }).toThrow('percentage is 0.8 from a driver that counts to 100: 0.8 % or 80.0 %? Set battery.full to 100');
    expect(heard(battery, 5, { percentage: 0 })).toBe('battery_scale');
    expect(battery.at(5)).toBeUndefined();
  });

  it('is recognised as soon as it charges when it started in its last per cent, and is no longer believed', () => {
    const battery = monitor();
    heard(battery, 0, { percentage: 0.8 });
    heard(battery, 1, { percentage: 2.5 });
    expect(battery.at(1)?.charge).toBe(0.8);
    heard(battery, 2, { percentage: 2.6 });
    expect(battery.at(2)).toBeUndefined();
  });

  it('is read when battery.full says so', () => {
    const battery = monitor(100);
    for (const [now, percentage] of [3, 2, 1, 0.8, 0].entries()) {
      expect(heard(battery, now, { percentage })).toBeUndefined();
      expect(battery.at(now)?.charge).toBeCloseTo(percentage / 100, 12);
    }
  });

  it('is not assumed from one faulty message of a 0..1 driver, or at the charger', () => {
    const battery = monitor();
    heard(battery, 0, { percentage: 0.9 });
    expect(heard(battery, 1, { percentage: 42 })).toBe('battery_out_of_range');
    expect(heard(battery, 2, { percentage: 0.89 })).toBeUndefined();
    for (let now = 3; now < 9; now++) {
      expect(heard(battery, now, { percentage: 1.3, status: 1 })).toBe('battery_out_of_range');
    }
    expect(heard(battery, 10, { percentage: 0.99 })).toBeUndefined();
    expect(battery.at(10)?.charge).toBe(0.99);
  });
});

describe('a doubtful charge', () => {
  it.each([0, 0.004, -0.01])('is believed only after it has lasted: %d in the first message', (percentage) => {
    const battery = monitor();
    for (const now of [0, 1, 1.9]) expect(heard(battery, now, { percentage })).toBe('battery_unconfirmed');
    expect(battery.at(1.9)).toBeUndefined();
    expect(heard(battery, 2, { percentage })).toBeUndefined();
    expect(battery.at(2)?.charge).toBe(Math.max(0, percentage));
  });

  it('is forgotten when the real charge comes after 0 at the start of a driver', () => {
    const battery = monitor();
    heard(battery, 0, { percentage: 0 });
    expect(heard(battery, 0.1, { percentage: 0.8 })).toBeUndefined();
    expect(battery.at(0.1)?.charge).toBe(0.8);
  });

  it('is one that halves within a moment, until it has lasted', () => {
    const battery = monitor();
    heard(battery, 0, { percentage: 0.9 });
    expect(() => {
      battery.hear({ ...message, percentage: 0.1 }, 1);
    }).toThrow('the charge is 10.0 % but was 90.0 % a moment ago: it is used once it lasts 2 s');
    expect(battery.at(1)?.charge).toBe(0.9);
    heard(battery, 2, { percentage: 0.88 });
    expect(heard(battery, 3, { percentage: 0 })).toBe('battery_unconfirmed');
    expect(heard(battery, 4, { percentage: 0.1 })).toBe('battery_unconfirmed');
    expect(heard(battery, 5, { percentage: 0.1 })).toBeUndefined();
    expect(battery.at(5)?.charge).toBe(0.1);
  });

  it('is 0 right after 40 %', () => {
    const battery = monitor();
    heard(battery, 0, { percentage: 0.4 });
    expect(heard(battery, 1, { percentage: 0 })).toBe('battery_unconfirmed');
    expect(heard(battery, 2, { percentage: 0.4 })).toBeUndefined();
    expect(battery.at(2)?.charge).toBe(0.4);
  });

  it('is not one that falls along a ramp, after a while, or at the charger', () => {
    const ramp = monitor();
    for (let k = 0; k <= 20; k++) expect(heard(ramp, k / 4, { percentage: 1 - k / 20 })).toBeUndefined();
    const slow = monitor();
    heard(slow, 0, { percentage: 0.9 });
    expect(heard(slow, 6, { percentage: 0.3 })).toBeUndefined();
    expect(heard(monitor(), 0, { percentage: 0, status: 1 })).toBeUndefined();
  });
});

describe('several batteries on one topic', () => {
  const one = { names: ['', 'left', 'A1'] };
  const two = { names: ['', 'right', 'B2'], percentage: 0.4 };

  it('are distinguished by location and serial number: the first is followed while it sends', () => {
    const battery = monitor();
    heard(battery, 0, one);
    expect(() => {
      battery.hear({ ...message, ...two }, 1);
    }).toThrow('a message of battery "right" came after messages of "left", expected one battery on the topic');
    expect(battery.at(1)?.charge).toBe(0.5);
    expect(heard(battery, 31, two)).toBeUndefined();
    expect(battery.at(31)?.charge).toBe(0.4);
  });

  it('are not assumed when a driver fills in its names late', () => {
    const battery = monitor();
    heard(battery, 0, { names: ['', '', ''] });
    expect(heard(battery, 1, one)).toBeUndefined();
    expect(heard(battery, 2, { names: [] })).toBeUndefined();
    expect(heard(battery, 3, one)).toBeUndefined();
  });

  it('reports the drawn power, even when its charge is not believed, until the message is too old', () => {
    const battery = monitor();
    expect(battery.power(0)).toBeNaN();
    const drawing = { voltage: 12, current: -2 };
    expect(heard(battery, 0, { ...drawing, percentage: NaN })).toBe('battery_unmeasured');
    expect(battery.power(30)).toBe(24);
    expect(battery.power(31)).toBeNaN();
    expect(battery.power(-1)).toBeNaN();
  });

  it('keeps the power of the followed battery when another one sends', () => {
    const battery = monitor();
    heard(battery, 0, { voltage: 12, current: -2, names: ['front'] });
    expect(heard(battery, 1, { voltage: 24, current: -5, names: ['rear'] })).toBe('battery_other');
    expect(battery.power(1)).toBe(24);
  });
});
