import { percent } from 'topspark/base/units.js';
import type { ProfileResult } from '../profile/profile-result.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { ProfilePoint } from 'topspark/timestep/controller/profile.js';
import { figure, htmlTable, micro } from './html.js';
import { hues, inkSvg, muted } from './ink.js';

/** An operating point as text: T/E/K, with exits and resolution if there are any. */
export function chartPointText({ timesteps, events, keep, exitFirst, exit, resolution }: OperatingPoint): string {
  const off = (lead: number): string => (lead === 0 ? 'off' : String(lead));
  const exits = exitFirst === 0 && exit === 0 ? '' : `, exits ${off(exitFirst)}/${off(exit)}`;
  const side = resolution === undefined ? '' : `, ${resolution} px`;
  return `${timesteps}/${events}/${keep}${exits}${side}`;
}

/** The operating points of the trained network: accuracy and cost of each, and the Pareto front. */
export async function trade({ points, pareto, recommended, training }: ProfileResult): Promise<string> {
  const place = ({ energy, accuracy }: ProfilePoint): [number, number] => [energy.infer * 1e6, 100 * accuracy];
  const front = pareto.map((index) => place(points[index])).sort(([a], [b]) => a - b);
  // The line connects the points that no other dominates in accuracy and energy alone. Without latency these are fewer.
  const edge = front.filter(([, accuracy], k) => front.slice(0, k).every(([, cheaper]) => cheaper < accuracy));
  const chosen = points[recommended.index];
  const svg = await inkSvg(
    {
      legend: { top: 0, right: 24, itemGap: 26 },
      grid: { left: 62, right: 24, bottom: 46, top: 36 },
      xAxis: { type: 'log', name: 'energy of a decision [µJ]', nameLocation: 'middle', nameGap: 28, ...span(points) },
      // Leaves room above and below, so that the edge does not cut the best point.
      yAxis: { ...accuracyAxis, boundaryGap: ['5%', '5%'] },
      series: [
        {
          type: 'scatter',
          name: 'operating points',
          symbolSize: 7,
          itemStyle: { color: muted },
          data: points.map(place),
        },
        { type: 'scatter', name: 'Pareto front', symbolSize: 10, itemStyle: { color: hues[0] }, data: front },
        { type: 'line', symbol: 'none', lineStyle: { color: hues[0], width: 2 }, data: edge, step: 'end' },
        {
          type: 'scatter',
          name: `recommended: ${chartPointText(chosen.point)}`,
          symbol: 'diamond',
          symbolSize: 18,
          itemStyle: { color: hues[1] },
          data: [place(chosen)],
        },
      ],
    },
    { width: 980, height: 420 },
  );
  const rows = points.map((point, index) => [
    chartPointText(point.point),
    percent(point.accuracy),
    percent(point.recall),
    micro(point.energy.infer),
    micro(point.energy.train),
    micro(point.latency.infer),
    recommended.scores[index]?.toFixed(4) ?? 'not allowed',
    [...(pareto.includes(index) ? ['front'] : []), ...(index === recommended.index ? ['recommended'] : [])].join(', '),
  ]);
  const head = ['T/E/K', 'accuracy', 'recall', 'µJ decide', 'µJ learn', 'µs decide', 'score', ''];
  return figure({
    title: 'Accuracy against energy, and the Pareto front',
    description: `One network, trained once at ${chartPointText(training.point)} and decided at every point. On the front: no other point is better in accuracy, latency and energy at once.`,
    svg,
    wide: true,
    table: htmlTable('Operating points', head, rows),
  });
}

const accuracyAxis = { type: 'value', name: 'accuracy [%]', scale: true, nameTextStyle: { align: 'left' } };

// Range of a logarithmic axis, hardly larger than that of the points.
function span(points: readonly ProfilePoint[]): { readonly min: number; readonly max: number } {
  const energies = points.map(({ energy }) => energy.infer * 1e6);
  const round = (value: number): number => Number(value.toPrecision(2));
  return { min: round(Math.min(...energies) * 0.8), max: round(Math.max(...energies) * 1.25) };
}

/** Early exit: accuracy and energy at each lead. */
export async function exits({ exits }: ProfileResult): Promise<string> {
  const names = exits.map(({ point }) => chartPointText(point).split(', exits ')[1] ?? 'off');
  const bar = (name: string, axis: number, hue: number, data: readonly number[]): object => ({
    type: axis === 0 ? 'line' : 'bar',
    name,
    yAxisIndex: axis,
    symbolSize: 8,
    itemStyle: { color: hues[hue] },
    z: axis === 0 ? 3 : 2,
    data,
  });
  const svg = await inkSvg(
    {
      legend: { top: 0, left: 'center', itemGap: 26 },
      grid: { left: 62, right: 62, bottom: 46, top: 36 },
      xAxis: { type: 'category', name: 'exit first/later', nameLocation: 'middle', nameGap: 28, data: names },
      yAxis: [
        { type: 'value', name: 'accuracy [%]', scale: true },
        { type: 'value', name: 'energy [µJ]', splitLine: { show: false } },
      ],
      series: [
        bar(
          'energy',
          1,
          0,
          exits.map(({ energy }) => energy.infer * 1e6),
        ),
        bar(
          'accuracy',
          0,
          1,
          exits.map(({ accuracy }) => 100 * accuracy),
        ),
      ],
    },
    { width: 520, height: 340 },
  );
  const rows = exits.map((exit, k) => [
    names[k],
    percent(exit.accuracy),
    exit.timestepsRun.toFixed(1),
    percent(exit.early),
    micro(exit.energy.infer),
    micro(exit.latency.infer),
  ]);
  const head = ['exit first/later', 'accuracy', 'timesteps run', 'ended early', 'µJ', 'µs'];
  return figure({
    title: 'Early exit',
    description: 'A decision ends when the first class leads the second by so many votes.',
    svg,
    table: htmlTable('Early exit', head, rows),
  });
}
