import pc from 'picocolors';
import { percent, si } from 'topspark/base/units.js';
import { modeNames } from 'topspark/timestep/controller/modes.js';
import type { DayResult, DayRow } from './day-bench.js';
import { missionReserve } from './pressed.js';
import type { PointResult } from './shadow.js';

const clock = (time: number): string => {
  const [hours, minutes] = [Math.floor(time / 3600), Math.floor((time % 3600) / 60)];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
};

/** Formats the result for people. */
export function dayText(result: DayResult): string {
  const { controller, others, unscaled, frames, target } = result;
  return [
    `${pc.bold('a day')} of ${frames} images, target ${percent(target)}`,
    '  from   mode      decided  right   best allowed         battery alone  believed  target',
    ...hourLines(result),
    '',
    `  ${'strategy'.padEnd(26)}decided   right   below target   network      whole path   FULL BALANCED SAVER CRITICAL [h]`,
    ...[controller, ...others].map((row) => rowLine(row)),
    `  ${'T = 350, unscaled'.padEnd(26)}${String(frames).padStart(7)}       –              –   ${joule(unscaled.networkEnergy)}   ${joule(unscaled.pathEnergy)}`,
    '',
    `  network ${pc.bold(`${result.energyRatioFull.toFixed(0)}×`)} below T = 350; whole path ${pc.bold(`${result.pathRatioDefault.toFixed(2)}×`)} below the default point`,
    `  hours below target in which an allowed point met it: ${pc.bold(String(result.hoursBelowTarget))}, by more than chance ${pc.bold(String(result.hoursMissed))}`,
    `  hours within the reported bounds:  ${pc.bold(String(result.hoursInside))} of ${controller.hours.length}`,
    ...missionLines(result),
    ...deadlineLines(result),
    '',
  ].join('\n');
}

function hourLines({ controller, others, verdicts }: DayResult): string[] {
  const [, , thresholds] = others;
  return controller.hours.map(({ from, accuracy, estimate, modes, drift, decisions, points }, at) => {
    const [mode] = [...modeNames].sort((a, b) => modes[b] - modes[a]);
    const verdict = verdicts[at];
    const right = verdict === 'met' ? pc.green(percent(accuracy)) : pc.red(percent(accuracy));
    const sign = drift ? ', answers became worse' : '';
    return `  ${clock(from)}  ${mode.padEnd(8)}  ${String(decisions).padStart(5)}  ${right}  ${bestOf(points).padEnd(19)}  ${percent(thresholds.hours[at].accuracy).padEnd(13)}  ${percent(estimate).padEnd(8)}  ${verdict}${sign}`;
  });
}

/** The most accurate point of an hour, with equals the cheapest: `92.1 % at 35/200/48`. */
function bestOf(points: readonly PointResult[]): string {
  if (points.length === 0) return '–';
  const best = points.reduce((found, each) => (each.accuracy >= found.accuracy ? each : found));
  const { timesteps, events, keep } = best.point;
  return `${percent(best.accuracy)} at ${timesteps}/${events}/${keep}`;
}

function rowLine(row: DayRow): string {
  const share = percent(row.accuracy);
  return `  ${row.name.padEnd(26)}${String(row.decisions).padStart(7)}  ${share}  ${String(row.hoursBelowTarget).padStart(5)} hours   ${joule(row.networkEnergy)}   ${joule(row.pathEnergy)}   ${hoursOf(row)}`;
}

function missionLines({ mission }: DayResult): string[] {
  if (mission.length === 0) return [];
  const lines = mission.map((row) => {
    const left = percent(row.charge).padStart(7);
    const flat = row.flat === null ? 'never' : clock(row.flat);
    return `  ${row.name.padEnd(26)}${String(row.decisions).padStart(7)}  ${percent(row.accuracy)}   ${joule(row.pathEnergy)}   ${left}   ${flat.padEnd(5)}   ${hoursOf(row)}`;
  });
  return [
    '',
    `  on a battery of 150 J that is not charged, ${percent(missionReserve)} of it planned to be left at the end:`,
    `  ${'mission'.padEnd(26)}decided   right     whole path      left   flat    FULL BALANCED SAVER CRITICAL [h]`,
    ...lines,
  ];
}

function deadlineLines({ deadline }: DayResult): string[] {
  if (deadline.length === 0) return [];
  const lines = deadline.map((row) => {
    const [late, avoidable] = [row.late, row.avoidable].map((count) => String(count).padStart(6));
    return `  ${row.name.padEnd(26)}${String(row.decisions).padStart(7)}  ${percent(row.accuracy)}   ${late}      ${avoidable}   ${joule(row.networkEnergy)}`;
  });
  return [
    '',
    '  on a processor on which the network takes 0.1 ms per nanojoule:',
    `  ${'deadline'.padEnd(26)}decided   right     late   avoidable      network`,
    ...lines,
  ];
}

function hoursOf({ modeSeconds }: DayRow): string {
  return modeNames.map((mode) => (modeSeconds[mode] / 3600).toFixed(1).padStart(5)).join(' ');
}

const joule = (energy: number): string => si(energy, 'J').padStart(10);
