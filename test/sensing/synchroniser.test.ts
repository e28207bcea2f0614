import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SensorEvent } from '../../src/sensing/sensor-event.js';
import { syncPolicies, Synchroniser, type Settled, type SyncPolicy } from '../../src/sensing/in-time/synchroniser.js';

let synchroniser: Synchroniser;
const start = (policy: SyncPolicy, queue = 4): void => {
  synchroniser = new Synchroniser(['image', 'scan', 'imu'], { slop: 0.05, policy, queue });
  gone = new Map();
  used = [0, 0, 0];
};
const names = ['image', 'scan', 'imu'];

/** Stamps are given in milliseconds. */
function event(sensor: string, time: number): SensorEvent {
  return { sensor, stamp: BigInt(time) * 1_000_000n, frameId: sensor, taken: time, message: {} };
}

/**
 * Hears a message. Returns settled samples as `image+scan+imu` with the stamps of the parts, or the refusal.
 *
 * @param starts - how often the sensor's stamps have started again
 */
function hear(sensor: string, time: number, starts = 0): string[] {
  const settled = synchroniser.add(names.indexOf(sensor), event(sensor, time), starts);
  account(settled);
  return settled.outcomes.map((each) =>
    'parts' in each ? each.parts.map((part) => part?.taken ?? '-').join('+') : `${each.cause}: ${each.message}`,
  );
}

/** Counts by cause of what was dropped, and per sensor of what was used, since the start. */
let gone: Map<string, number>;
let used: number[];
function account({ outcomes, used: more, dropped }: Settled): void {
  const refusals = [...outcomes, ...dropped.map(({ refusal }) => refusal)];
  for (const each of refusals) {
    if ('parts' in each) used[0]++;
    else gone.set(each.cause, (gone.get(each.cause) ?? 0) + 1);
  }
  for (const sensor of more) used[sensor]++;
}

beforeEach(() => {
  start('wait');
});

describe('messages of several sensors', () => {
  it('make a sample as soon as all have sent one within the slop, in any order', () => {
    expect([hear('scan', 100), hear('imu', 90), hear('image', 110)]).toEqual([[], [], ['110+100+90']]);
    expect([hear('image', 210), hear('imu', 190), hear('scan', 260)]).toEqual([[], [], ['210+260+190']]);
  });

  it('are matched with the nearest of several', () => {
    for (const time of [70, 95, 140]) hear('scan', time);
    for (const time of [80, 105, 149]) hear('imu', time);
    expect(hear('image', 100)).toEqual(['100+95+105']);
  });

  it('are part of several samples from a slow sensor', () => {
    hear('scan', 100);
    hear('imu', 100);
    expect([hear('image', 80), hear('image', 110), hear('image', 140)].flat()).toEqual([
      '80+100+100',
      '110+100+100',
      '140+100+100',
    ]);
  });

  it('give the sample the stamp, frame and time of the primary sensor', () => {
    synchroniser.add(1, event('scan', 99));
    synchroniser.add(2, event('imu', 98));
    const [sample] = synchroniser.add(0, event('image', 100)).outcomes;
    expect(sample).toMatchObject({ stamp: 100_000_000n, frameId: 'image', taken: 100 });
  });

  it('do not match when they are further apart than the slop', () => {
    hear('imu', 100);
    hear('scan', 49);
    expect(hear('image', 100)).toEqual([]);
    expect(hear('scan', 151)).toEqual([
      'sensor_missing: image of 0.100000000 s has no scan: the nearest scan is 0.051 s away; sync.slop is 0.05 s',
    ]);
  });

  it('keep the order of the primary sensor', () => {
    hear('imu', 100);
    expect([hear('image', 100), hear('image', 130)]).toEqual([[], []]);
    expect(hear('scan', 120)).toEqual(['100+120+100', '130+120+100']);
  });

  it('are sorted when they come out of order', () => {
    hear('image', 100);
    hear('imu', 100);
    for (const time of [220, 160]) hear('image', time);
    for (const time of [220, 160]) hear('imu', time);
    expect([hear('scan', 100), hear('scan', 160), hear('scan', 220)]).toEqual([
      ['100+100+100'],
      ['160+160+160'],
      ['220+220+220'],
    ]);
  });

  it('match when messages of the primary sensor are swapped', () => {
    for (const time of [100, 200, 300]) for (const sensor of ['scan', 'imu']) hear(sensor, time);
    expect([hear('image', 100), hear('image', 300), hear('image', 200)].flat()).toEqual([
      '100+100+100',
      '300+300+300',
      '200+200+200',
    ]);
  });

  it('match the newest of one stamp', () => {
    for (let k = 0; k < 3; k++) {
      synchroniser.add(1, { ...event('scan', 0), taken: k });
      synchroniser.add(2, { ...event('imu', 0), taken: 10 + k });
      const [sample] = synchroniser.add(0, event('image', 0)).outcomes;
      expect('parts' in sample && sample.parts.map((part) => part?.taken)).toEqual([0, k, 10 + k]);
    }
  });

  it('are counted from a second publisher that is behind, and affect nothing', () => {
    start('refuse', 8);
    const decided: string[] = [];
    for (let time = 6000; time < 8000; time += 100) {
      for (const sensor of ['scan', 'imu']) hear(sensor, time);
      decided.push(...hear('image', time));
      hear('scan', time - 5000);
    }
    expect(decided).toEqual(Array.from({ length: 20 }, (_, k) => [6000, 6000, 6000].map((t) => t + 100 * k).join('+')));
    expect([...gone]).toEqual([['scan_late', 20]]);
  });

  it('are reported when they are too late for any sample', () => {
    for (const time of [1000, 1100, 1200]) for (const sensor of ['scan', 'imu', 'image']) hear(sensor, time);
    const { dropped } = synchroniser.add(1, event('scan', 900));
    expect(dropped).toEqual([
      {
        sensor: 1,
        refusal: {
          ...{ kind: 'refusal', topic: 'scan', cause: 'scan_late' },
          message:
            'message of 0.900000000 s came after that of 1.200000000 s, too late for image: expected stamps in order, from one publisher',
        },
      },
    ]);
  });

  it.each([
    ['the primary first', ['image', 'scan', 'imu']],
    ['the primary last', ['scan', 'imu', 'image']],
  ])('start again when all stamps do, %s', (_, order) => {
    for (const sensor of ['scan', 'imu', 'image']) hear(sensor, 5900);
    hear('image', 6000);
    const first = order.map((sensor) => hear(sensor, 100, 1));
    const lost = 'sensor_missing: image of 6.000000000 s has no scan and no imu: stamps of image started again';
    expect(first.flat().at(-1)).toBe('100+100+100');
    expect(first.flat()[0]).toContain(lost);
    for (const sensor of ['scan', 'imu']) hear(sensor, 200, 1);
    expect(hear('image', 200, 1)).toEqual(['200+200+200']);
    expect([...gone]).toEqual([['sensor_missing', 1]]);
  });

  it('are each part of a sample, counted or waiting, for any stamps', () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: -30, max: 120 }) },
      { weight: 1, arbitrary: fc.integer({ min: -9000, max: 9000 }) },
    );
    const message = fc.tuple(fc.nat(2), step, fc.boolean());
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), fc.constantFrom(...syncPolicies), (sent, policy) => {
        start(policy, 3);
        const time = [20_000, 20_000, 20_000];
        const starts = [0, 0, 0];
        for (const [sensor, by, again] of sent) {
          time[sensor] += by;
          if (by < -1000 && again) starts[sensor]++;
          hear(names[sensor], time[sensor], starts[sensor]);
        }
        const count = (cause: string): number => gone.get(cause) ?? 0;
        for (const [sensor, name] of names.entries()) {
          const counted = sensor === 0 ? count('sensor_missing') : count(`${name}_unused`) + count(`${name}_late`);
          const heard = sent.filter(([of]) => of === sensor).length;
          expect(used[sensor] + counted + synchroniser.waiting(sensor)).toBe(heard);
        }
        account(synchroniser.reset());
        expect(names.map((_, sensor) => synchroniser.waiting(sensor))).toEqual([0, 0, 0]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a missing sensor', () => {
  it('is waited for, and the oldest image is dropped when too many wait', () => {
    hear('imu', 100);
    const images = [100, 110, 120, 130].map((time) => hear('image', time));
    expect(images.flat()).toEqual([]);
    expect(hear('image', 140)).toEqual([
      'sensor_missing: image of 0.100000000 s has no scan: sync.queue is full; no scan has come',
    ]);
    expect(hear('scan', 140)).toEqual(['110+140+100', '120+140+100', '130+140+100', '140+140+100']);
  });

  it('is left out when time has passed it, and at once while it stays silent', () => {
    start('without');
    hear('imu', 100);
    expect(hear('image', 100)).toEqual([]);
    expect(hear('imu', 151)).toEqual([
      '100+-+100',
      'scan_missing: image of 0.100000000 s is decided without it: no scan has come',
    ]);
    expect(hear('image', 170)[0]).toBe('170+-+151');
    expect([...gone]).toEqual([['scan_missing', 2]]);
    hear('scan', 175);
    hear('imu', 200);
    expect(hear('image', 200)).toEqual(['200+175+200']);
  });

  it('can be a reason to refuse', () => {
    start('refuse');
    expect(hear('image', 100)).toEqual([]);
    expect(hear('image', 151)).toEqual([
      'sensor_missing: image of 0.100000000 s has no scan and no imu: no scan has come; no imu has come',
      'sensor_missing: image of 0.151000000 s has no scan and no imu: no scan has come; no imu has come',
    ]);
  });

  it('is left out when too many wait', () => {
    start('without', 2);
    hear('imu', 100);
    expect([...hear('image', 100), ...hear('image', 110), ...hear('image', 120)][0]).toBe('100+-+100');
  });

  it.each(['without', 'refuse', 'wait'] as const)(
    'is reported with its lag when that is constant, policy %s',
    (policy) => {
      start(policy, 4);
      const refused: string[] = [];
      for (let time = 1000; time < 2000; time += 10) {
        refused.push(...hear('imu', time - 150), ...hear('scan', time));
        if (time % 50 === 0) refused.push(...hear('image', time));
      }
      const lag = refused.filter((each) => each.includes('imu lags by 0.15 s; sync.slop is 0.05 s'));
      expect(refused.length).toBeGreaterThan(15);
      // A waiting image finds what the others sent then, although they send more meanwhile than the queue holds.
      if (policy === 'wait') expect([...gone.keys()]).toEqual(['imu_unused', 'scan_unused']);
      else expect(lag.length).toBeGreaterThan(10);
    },
  );

  it('is reported as such when its stamps are 0 or the queue is too short', () => {
    start('refuse', 2);
    hear('scan', 0);
    for (const time of [2000, 2010, 2020, 2100]) hear('imu', time);
    expect(hear('image', 1900)).toEqual([
      'sensor_missing: image of 1.900000000 s has no scan and no imu: scan has stamp 0, expected a driver that stamps its messages; the nearest imu is 0.12 s away; sync.slop is 0.05 s, sync.queue 2 messages',
    ]);
  });
});

it('a reset drops waiting messages, and counts them', () => {
  hear('image', 100);
  hear('imu', 100);
  account(synchroniser.reset());
  expect([...gone]).toEqual([
    ['sensor_missing', 1],
    ['imu_unused', 1],
  ]);
  expect(hear('scan', 100)).toEqual([]);
});
