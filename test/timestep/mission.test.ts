import { describe, expect, it } from 'vitest';
import { checkMissionTime, checkTimeZone, missionEnd, plannedCharge } from '../../src/timestep/controller/mission.js';

const at = (text: string): number => Date.parse(text) / 1000;
const end = (text: string, zone: string, now: string): string =>
  new Date(1000 * (missionEnd(text, zone, at(now)) ?? NaN)).toISOString();

describe('the end of a mission', () => {
  it.each([
    ['18:00', 'UTC', '2026-03-01T08:00:00Z', '2026-03-01T18:00:00.000Z'],
    ['18:00', 'UTC', '2026-03-01T18:00:00Z', '2026-03-02T18:00:00.000Z'],
    ['18:00', 'Europe/Berlin', '2026-03-01T08:00:00.250Z', '2026-03-01T17:00:00.000Z'],
    ['06:30', 'Asia/Kolkata', '2026-03-01T08:00:00Z', '2026-03-02T01:00:00.000Z'],
    // Clocks go forward an hour on 29 March at 02:00, and back on 25 October at 03:00.
    ['18:00', 'Europe/Berlin', '2026-03-28T20:00:00Z', '2026-03-29T16:00:00.000Z'],
    ['18:00', 'Europe/Berlin', '2026-10-24T20:00:00Z', '2026-10-25T17:00:00.000Z'],
    // On one night clocks never show 02:30, on the other they show it twice.
    ['02:30', 'Europe/Berlin', '2026-03-28T20:00:00Z', '2026-03-29T01:30:00.000Z'],
    ['02:30', 'Europe/Berlin', '2026-03-29T00:59:00Z', '2026-03-29T01:30:00.000Z'],
    ['02:30', 'Europe/Berlin', '2026-10-24T20:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['2026-03-01T18:00:00+01:00', 'UTC', '2026-03-01T08:00:00Z', '2026-03-01T17:00:00.000Z'],
  ])('%s in %s, asked at %s, is %s', (text, zone, now, expected) => {
    expect(end(text, zone, now)).toBe(expected);
  });

  it.each([0, 1000, 43_000, 1_795_000_000])('is the same moment at every tick of a clock at %d', (start) => {
    const ends = Array.from({ length: 1000 }, (_, tick) => missionEnd('18:00', 'UTC', start + tick * 1.000_012_3));
    expect(new Set(ends).size).toBe(1);
  });

  it('is undefined when it is past or was never set', () => {
    expect(missionEnd('2026-03-01T18:00:00Z', 'UTC', at('2026-03-01T18:00:01Z'))).toBeUndefined();
    expect(missionEnd('', 'UTC', 0)).toBeUndefined();
    expect(missionEnd('18:00', 'UTC', NaN)).toBeUndefined();
  });

  it('is refused with found and expected', () => {
    expect(() => {
      checkMissionTime('6 pm');
    }).toThrow('the end of the mission is "6 pm", expected a time of day such as 18:00 or a date and time');
    expect(() => {
      checkMissionTime('25:00');
    }).toThrow('25:00');
    expect(() => {
      checkMissionTime('2026-03-01T18:00:00');
    }).toThrow('expected');
    expect(() => {
      checkMissionTime('2026-02-30T18:00Z');
    }).toThrow('2026-02-30');
    expect(() => {
      checkTimeZone('Berlin');
    }).toThrow('the time zone is "Berlin", expected a name of the IANA database');
    for (const text of ['', '00:00', '23:59', '2026-03-01T18:00Z', '2028-02-29T18:00+01:00']) checkMissionTime(text);
  });
});

describe('the planned charge', () => {
  const plan = { start: 100, charge: 0.8, until: 200, reserve: 0.2 };

  it('falls in a straight line to the reserve', () => {
    expect([50, 100, 150, 200, 300].map((now) => plannedCharge(plan, now))).toEqual(
      [0.8, 0.8, 0.5, 0.2, 0.2].map((x) => expect.closeTo(x) as number),
    );
  });

  it('is the reserve when less than that was left at the start', () => {
    expect(plannedCharge({ ...plan, charge: 0.1 }, 150)).toBe(0.2);
  });
});
