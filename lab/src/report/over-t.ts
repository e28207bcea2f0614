import { percent } from 'topspark/base/units.js';
import type { PolicyCurve, ProfileResult } from '../profile/profile-result.js';
import type { ProfilePoint } from 'topspark/timestep/controller/profile.js';
import { figure, htmlTable, micro } from './html.js';
import { inkSvg } from './ink.js';

interface Measure {
  readonly title: string;
  readonly description: string;
  readonly axis: string;
  readonly of: (point: ProfilePoint) => number;
  readonly text: (value: number) => string;
  /** Scale of the axis. */
  readonly scale: 'value' | 'log';
}

const measures: readonly Measure[] = [
  {
    title: 'Accuracy over T',
    description: 'One network for each T, trained and tested there; policy none scales nothing.',
    axis: 'accuracy [%]',
    of: ({ accuracy }) => 100 * accuracy,
    text: (value) => percent(value / 100),
    scale: 'value',
  },
  {
    title: 'Energy over T',
    description: 'Energy of a decision by counted operations.',
    axis: 'energy [µJ]',
    of: ({ energy }) => energy.infer * 1e6,
    text: (value) => micro(value / 1e6),
    scale: 'log',
  },
  {
    title: 'Latency over T',
    description: 'CPU time of a decision.',
    axis: 'CPU time [µs]',
    of: ({ latency }) => latency.infer * 1e6,
    text: (value) => micro(value / 1e6),
    scale: 'log',
  },
];

/** Accuracy, energy and latency over T, with a line for each policy. */
export async function overT({ accuracyOverT, policies }: ProfileResult): Promise<string> {
  const curves = [accuracyOverT, ...policies];
  const figures = await Promise.all(measures.map((measure) => plot(measure, curves)));
  return figures.join('\n');
}

async function plot(measure: Measure, curves: readonly PolicyCurve[]): Promise<string> {
  const { title, description, axis, of, text, scale } = measure;
  const all = curves.flatMap(({ points }) => points.map(({ point }) => point.timesteps));
  const timesteps = [...new Set(all)].sort((a, b) => b - a);
  const svg = await inkSvg(
    {
      legend: { top: 0, right: 12, itemGap: 18 },
      grid: { left: 62, right: 18, bottom: 46, top: 36 },
      xAxis: {
        type: 'log',
        name: 'timesteps T',
        nameLocation: 'middle',
        nameGap: 28,
        min: Math.min(...timesteps) * 0.85,
        max: Math.max(...timesteps) * 1.15,
        axisLabel: { customValues: timesteps, hideOverlap: true },
        axisTick: { customValues: timesteps },
      },
      yAxis: { type: scale, name: axis, nameGap: 12, nameTextStyle: { align: 'left' }, scale: true },
      series: curves.map((curve, hue) => ({
        type: 'line',
        name: name(curve, curves),
        symbolSize: 7,
        symbol: ['circle', 'rect', 'triangle', 'diamond'][hue % 4],
        data: curve.points.map((point) => [point.point.timesteps, of(point)]),
      })),
    },
    { width: 520, height: 340 },
  );
  const rows = timesteps.map((T) => [
    String(T),
    ...curves.map(({ points }) => {
      const found = points.find(({ point }) => point.timesteps === T);
      return found ? text(of(found)) : '–';
    }),
  ]);
  const table = htmlTable(`${title}: ${axis}`, ['T', ...curves.map((curve) => name(curve, curves))], rows);
  return figure({ title, description, svg, table });
}

// Name of the policy, with its rule where several curves are of this policy.
function name({ policy, rule }: PolicyCurve, curves: readonly PolicyCurve[]): string {
  return curves.filter((curve) => curve.policy === policy).length > 1 ? `${policy}, ${rule}` : policy;
}
