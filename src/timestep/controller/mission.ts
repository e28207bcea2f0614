import { TopsparkError } from '../../base/errors.js';
import { quoted } from '../../base/quoted.js';

// A mission spreads the charge over the time that is left. A straight line leads from the charge c₀ at its start t₀ to
// the reserve at its end t₁:
//
//   line(t) = c₀ + (reserve − c₀) · (t − t₀) / (t₁ − t₀)
//
// FULL needs a charge of line + s, BALANCED of line, SAVER of line − s, and CRITICAL none. Only the charge counts, so
// the plan also works where other parts of the robot use the same battery.

/** s: distance between the thresholds of neighbouring modes. */
const step = 0.02;

/** A mission that has started. */
export interface MissionPlan {
  /** Date of the start [s since 1970], and charge then, 0..1. */
  readonly start: number;
  readonly charge: number;
  /** Date of the end [s since 1970], and charge that must be left then, 0..1. */
  readonly until: number;
  readonly reserve: number;
}

/** Charge that the plan expects at a date [s since 1970], 0..1. */
export function plannedCharge({ start, charge, until, reserve }: MissionPlan, date: number): number {
  if (charge <= reserve || until <= start) return reserve;
  const passed = Math.min(1, Math.max(0, (date - start) / (until - start)));
  return charge + (reserve - charge) * passed;
}

/**
 * Charge that a mode needs where the plan expects `planned`.
 *
 * @param index - of the mode; 0 is the dearest
 */
export function missionThreshold(planned: number, index: number): number {
  return index >= 3 ? 0 : planned + step * (1 - index);
}

const clockTime = /^([01]\d|2[0-3]):([0-5]\d)$/;
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const day = 86_400;

/**
 * Checks the text of a mission's end; empty: no mission.
 *
 * @throws {@link TopsparkError} `mission_time`
 */
export function checkMissionTime(text: string): void {
  if (text === '' || clockTime.test(text) || (dateTime.test(text) && isDay(text))) return;
  const expected = 'expected a time of day such as 18:00 or a date and time such as 2026-03-01T18:00:00+01:00';
  throw new TopsparkError('mission_time', 'usage', `the end of the mission is ${quoted(text)}, ${expected}`);
}

// 30 February would become 2 March.
function isDay(text: string): boolean {
  const date = text.slice(0, 10);
  return !Number.isNaN(Date.parse(text)) && new Date(`${date}T00:00Z`).toISOString().startsWith(date);
}

/**
 * Checks the name of a time zone.
 *
 * @throws {@link TopsparkError} `time_zone`
 */
export function checkTimeZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    const expected = 'expected a name of the IANA database such as Europe/Berlin, or UTC';
    throw new TopsparkError('time_zone', 'usage', `the time zone is ${quoted(zone)}, ${expected}`);
  }
}

/**
 * The end of a mission [s since 1970]. A date and time is used as given. A time of day is when the clocks of the zone
 * next show it; a time that they skip at the start of summer time moves later by as much as they skip.
 *
 * @param text - see {@link checkMissionTime}
 * @param now - [s since 1970]
 * @returns `undefined`: no mission, or its end is over
 */
export function missionEnd(text: string, zone: string, now: number): number | undefined {
  if (!Number.isFinite(now) || Math.abs(now) > 8e12) return undefined;
  const parts = clockTime.exec(text);
  if (parts === null) {
    const end = Date.parse(text) / 1000;
    return end > now ? end : undefined;
  }
  const wanted = Number(parts[1]) * 3600 + Number(parts[2]) * 60;
  // Rounded to seconds. An end that varied by fractions of a second would start a new mission every time.
  const end = Math.round(now + ((wanted - secondsOfDay(now, zone) + day) % day || day));
  // The clocks may change before the end.
  const off = ((wanted - secondsOfDay(end, zone) + 1.5 * day) % day) - day / 2;
  return secondsOfDay(end + off, zone) === wanted ? end + off : end;
}

/** Time of day in a zone, an IANA name [s]. */
export function secondsOfDay(time: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', timeStyle: 'medium' });
  const [hours = 0, minutes = 0, seconds = 0] = format
    .formatToParts(new Date(time * 1000))
    .filter(({ type }) => type !== 'literal')
    .map(({ value }) => Number(value));
  return hours * 3600 + minutes * 60 + seconds + (((time % 1) + 1) % 1);
}
