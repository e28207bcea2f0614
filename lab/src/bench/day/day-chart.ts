import { chartSvg } from '../../report/chart.js';
import { modeNames } from 'topspark/timestep/controller/modes.js';
import type { DayResult } from './day-bench.js';
import type { DayMoment } from './day-log.js';
import type { DayPlan } from './day-plan.js';

const colours = { charge: '#7f8c8d', mode: '#c0392b', right: '#1f77b4', believed: '#ff7f0e', events: '#2ca02c' };

/** Draws the day: battery and mode, accuracy against the target, and the operating point, one above the other. */
export function dayChart({ controller: { moments }, target }: DayResult, plan: DayPlan): Promise<string> {
  const scale = (plan.end - plan.start) / 12;
  const hour = (time: number): number => 8 + (time - plan.start) / scale;
  const grids = [0, 1, 2].map((row) => ({ left: 70, right: 80, top: 40 + row * 190, height: 150 }));
  const axis = { type: 'value', min: 8, max: 20, interval: 1, axisLabel: { formatter: '{value}:00' } };
  const data = (of: (moment: DayMoment) => number): [number, number][] =>
    moments.map((moment) => [hour(moment.time), of(moment)]);
  const spans = [...plan.silences.map((span) => ['no labels', span] as const), ['charging', plan.charging] as const];
  const markArea = {
    silent: true,
    itemStyle: { color: 'rgba(0, 0, 0, 0.05)' },
    label: { position: 'insideBottom', fontSize: 10 },
    data: spans.map(([name, [from, to]]) => [{ name, xAxis: hour(from) }, { xAxis: hour(to) }]),
  };
  const noon = {
    silent: true,
    symbol: 'none',
    label: { formatter: 'a class changes' },
    data: [{ xAxis: hour(plan.change) }],
  };
  const wanted = { silent: true, symbol: 'none', label: { formatter: 'target' }, data: [{ yAxis: 100 * target }] };
  const line = { type: 'line', showSymbol: false };
  const at = (row: number) => ({ xAxisIndex: row, yAxisIndex: row });
  return chartSvg(
    {
      legend: { top: 4 },
      grid: grids,
      xAxis: grids.map((_, gridIndex) => ({ ...axis, gridIndex })),
      yAxis: [
        { gridIndex: 0, name: 'charge [%]', min: 0, max: 100 },
        { gridIndex: 1, name: 'accuracy [%]', min: 70, max: 100 },
        { gridIndex: 2, name: 'input events E', min: 0, max: 400 },
        {
          gridIndex: 0,
          type: 'category',
          data: [...modeNames].reverse(),
          position: 'right',
          splitLine: { show: false },
        },
      ],
      series: [
        {
          ...line,
          ...at(0),
          name: 'charge',
          color: colours.charge,
          data: data(({ charge }) => 100 * charge),
          markArea,
        },
        {
          ...{ ...line, name: 'mode', color: colours.mode, step: 'end', xAxisIndex: 0, yAxisIndex: 3 },
          data: data(({ mode }) => 3 - modeNames.indexOf(mode)),
        },
        {
          ...{ ...line, ...at(1), name: 'right', color: colours.right, markLine: noon },
          data: data(({ accuracy }) => 100 * accuracy),
        },
        {
          ...{ ...line, ...at(1), name: 'believed', color: colours.believed, markLine: wanted },
          data: data(({ estimate }) => 100 * estimate),
        },
        { ...line, ...at(2), name: 'events E', color: colours.events, step: 'end', data: data(({ events }) => events) },
      ],
    },
    { width: 900, height: 620 },
  );
}
