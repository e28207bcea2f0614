import { beforeEach, describe, expect, it } from 'vitest';
import type { SensorEvent } from '../../src/agent/events.js';
import { Synchroniser, type SyncPolicy } from '../../src/agent/synchroniser.js';

let synchroniser: Synchroniser;
const start = (policy: SyncPolicy, queue = 4): void => {
  synchroniser = new Synchroniser(['image', 'scan', 'imu'], { slop: 0.05, policy, queue });
};
const names = ['image', 'scan', 'imu'];

/** Stamps are given in milliseconds. */
function event(sensor: string, time: number): SensorEvent {
  return { sensor, stamp: BigInt(time) * 1_000_000n, frameId: sensor, taken: time, message: {} };
}

/** Hears a message; what is settled is told as `image+scan+imu` with the stamps of the parts, or the refusal. */
function hear(sensor: string, time: number): string[] {
  const settled = synchroniser.add(names.indexOf(sensor), event(sensor, time));
  return settled.map((each) =>
    'parts' in each ? each.parts.map((part) => part?.taken ?? '-').join('+') : `${each.cause}: ${each.message}`,
  );
}

beforeEach(() => {
  start('wait');
});

describe('messages of several sensors', () => {
  it('make a sample as soon as all have sent something within the slop, in any order', () => {
    expect([hear('scan', 100), hear('imu', 90), hear('image', 110)]).toEqual([[], [], ['110+100+90']]);
    expect([hear('image', 210), hear('imu', 190), hear('scan', 260)]).toEqual([[], [], ['210+260+190']]);
  });

  it('are matched with the nearest of several', () => {
    for (const time of [70, 95, 140]) hear('scan', time);
    for (const time of [80, 105, 149]) hear('imu', time);
    expect(hear('image', 100)).toEqual(['100+95+105']);
  });

  it('of a slow sensor serve several samples', () => {
    hear('scan', 100);
    hear('imu', 100);
    expect([hear('image', 80), hear('image', 110), hear('image', 140)].flat()).toEqual([
      '80+100+100',
      '110+100+100',
      '140+100+100',
    ]);
  });

  it('give the sample the stamp, frame and time of the primary one', () => {
    synchroniser.add(1, event('scan', 99));
    synchroniser.add(2, event('imu', 98));
    const [sample] = synchroniser.add(0, event('image', 100));
    expect(sample).toMatchObject({ stamp: 100_000_000n, frameId: 'image', taken: 100 });
  });

  it('that lie further apart than the slop do not match', () => {
    hear('imu', 100);
    hear('scan', 49);
    expect(hear('image', 100)).toEqual([]);
    expect(hear('scan', 151)).toEqual(['sensor_missing: image of 0.100000000 s has no scan within 0.05 s']);
  });

  it('keep the order of the primary ones', () => {
    hear('imu', 100);
    expect([hear('image', 100), hear('image', 130)]).toEqual([[], []]);
    expect(hear('scan', 120)).toEqual(['100+120+100', '130+120+100']);
  });

  it('start anew where stamps jump back', () => {
    hear('scan', 5000);
    hear('imu', 5000);
    hear('image', 6000);
    expect([hear('image', 100), hear('scan', 100), hear('imu', 100)]).toEqual([[], [], ['100+100+100']]);
  });
});

describe('a sensor that is missing', () => {
  it('is waited for, and the oldest image goes when too many wait', () => {
    hear('imu', 100);
    const images = [100, 110, 120, 130].map((time) => hear('image', time));
    expect(images.flat()).toEqual([]);
    expect(hear('image', 140)).toEqual(['sensor_missing: image of 0.100000000 s has no scan within 0.05 s']);
    expect(hear('scan', 140)).toEqual(['110+140+100', '120+140+100', '130+140+100', '140+140+100']);
  });

  it('is gone without when time has gone past, and at once while it stays silent', () => {
    start('without');
    hear('imu', 100);
    expect(hear('image', 100)).toEqual([]);
    expect(hear('imu', 151)).toEqual(['100+-+100']);
    expect(hear('image', 170)).toEqual(['170+-+151']);
    hear('scan', 175);
    hear('imu', 200);
    expect(hear('image', 200)).toEqual(['200+175+200']);
  });

  it('is a reason to refuse', () => {
    start('refuse');
    expect(hear('image', 100)).toEqual([]);
    expect(hear('image', 151)).toEqual([
      'sensor_missing: image of 0.100000000 s has no scan and no imu within 0.05 s',
      'sensor_missing: image of 0.151000000 s has no scan and no imu within 0.05 s',
    ]);
  });
});

it('what is reset waits for nothing', () => {
  hear('image', 100);
  hear('imu', 100);
  synchroniser.reset();
  expect(hear('scan', 100)).toEqual([]);
});
