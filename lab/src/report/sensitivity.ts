import { percent } from 'topspark/base/units.js';
import type { ProfileResult, Sensitivity } from '../profile/profile-result.js';
import { figure, htmlTable } from './html.js';
import { hues, inkSvg } from './ink.js';

const shown = 14;
const points = (change: number): string => `${change < 0 ? '−' : '+'}${Math.abs(100 * change).toFixed(1)}`;

/** Bars for each parameter that was changed alone. Those with the largest effect are on top. */
export async function sensitivity({ sensitivity }: ProfileResult): Promise<string> {
  return (await Promise.all(sensitivity.map(plot))).join('\n');
}

async function plot({ policy, rule, point, accuracy, parameters }: Sensitivity): Promise<string> {
  const largest = parameters.slice(0, shown).reverse();
  const factors = [...new Set(parameters.flatMap(({ changes }) => changes.map(({ factor }) => factor)))].sort(
    (a, b) => a - b,
  );
  const svg = await inkSvg(
    {
      legend: { top: 0, itemGap: 22 },
      // The text width is estimated without a browser, in which letters may be wider.
      grid: { left: 420, right: 24, bottom: 42, top: 34 },
      xAxis: { type: 'value', name: 'change of accuracy [points]', nameLocation: 'middle', nameGap: 26 },
      yAxis: {
        type: 'category',
        data: largest.map(({ meaning }) => meaning),
        axisLabel: { width: 350, overflow: 'break' },
        splitLine: { show: false },
      },
      series: factors.map((factor, hue) => ({
        type: 'bar',
        name: `× ${factor}`,
        barGap: '5%',
        itemStyle: { color: hues[hue % hues.length] },
        data: largest.map(({ changes }) => {
          const found = changes.find((change) => change.factor === factor);
          return found ? 100 * (found.accuracy - accuracy) : null;
        }),
      })),
    },
    { width: 980, height: 90 + 28 * largest.length },
  );
  const rows = parameters.map(({ meaning, changes }) => [
    meaning,
    ...factors.map((factor) => {
      const found = changes.find((change) => change.factor === factor);
      return found ? points(found.accuracy - accuracy) : '–';
    }),
  ]);
  const title = `Sensitivity of ${policy} at T = ${point.timesteps}`;
  const description = `${rule} rule; ${percent(accuracy)} with nothing changed. Each bar: one parameter multiplied alone.`;
  const head = ['parameter', ...factors.map((factor) => `× ${factor}`)];
  return figure({ title, description, svg, wide: true, table: htmlTable('Change of accuracy [points]', head, rows) });
}
