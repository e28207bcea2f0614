import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartSvg } from '../../report/chart.js';
import type { Growth, LineFit } from './growth.js';
import type { EngineBenchResult } from './measure.js';

const titles: Readonly<Record<string, string>> = {
  neurons: 'neurons N',
  inputs: 'inputs D',
  timesteps: 'timesteps T',
  events: 'input events E',
  inputRate: 'input rate [Hz]',
};
const colours: Readonly<Record<string, string>> = { lean: '#2b6cb0', 'in time': '#c05621' };

/**
 * Writes one SVG for each quantity with which cost grows: `growth-QUANTITY.svg`. Both axes are logarithmic; it shows
 * the measured points and the straight line (fixed + per unit · x) nearest to them.
 *
 * @returns paths of the files
 */
export async function plotGrowth({ growth }: EngineBenchResult, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (const of of new Set(growth.map((series) => series.of))) {
    const file = join(folder, `growth-${of.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.svg`);
    const series = growth.filter((one) => one.of === of);
    writeFileSync(file, `${await chartSvg(option(titles[of] ?? of, series), { width: 640, height: 400 })}\n`);
    files.push(file);
  }
  return files;
}

function option(title: string, growth: readonly Growth[]): Record<string, unknown> {
  const axis = { type: 'log', minorSplitLine: { show: true, lineStyle: { color: '#f4f4f4' } } };
  return {
    title: { text: `Cost of a sample against ${title}`, left: 'center', textStyle: { fontSize: 15 } },
    legend: { bottom: 0, data: growth.flatMap(({ way }) => [`${way}, training`, `${way}, inference`]) },
    grid: { left: 64, right: 32, top: 48, bottom: 84 },
    xAxis: { ...axis, name: title, nameLocation: 'middle', nameGap: 28 },
    yAxis: { ...axis, name: 'CPU time per sample [µs]', nameLocation: 'middle', nameGap: 44 },
    series: growth.flatMap((series) => [...lines(series, 'train'), ...lines(series, 'infer')]),
  };
}

// Measured points, and the fitted line as a thin curve.
function lines({ way, points, line }: Growth, part: 'train' | 'infer'): Record<string, unknown>[] {
  const name = `${way}, ${part === 'train' ? 'training' : 'inference'}`;
  const color = colours[way];
  const symbol = part === 'train' ? 'circle' : 'emptyCircle';
  const at = ({ fixed, perUnit }: LineFit, x: number): number => fixed + perUnit * x;
  return [
    { name, type: 'scatter', symbol, symbolSize: 8, itemStyle: { color }, data: points.map((p) => [p.at, p[part]]) },
    {
      ...{ name: `${name}, line`, type: 'line', showSymbol: false, smooth: false },
      lineStyle: { color, width: 1, type: part === 'train' ? 'solid' : 'dashed' },
      data: dense(points.map((p) => p.at)).map((x) => [x, at(line[part], x)]),
    },
  ];
}

// Many points along the axis: a straight line is curved between logarithmic axes.
function dense(places: readonly number[]): number[] {
  const [first, last] = [places[0], places.at(-1) ?? places[0]];
  return Array.from({ length: 33 }, (_, k) => first * (last / first) ** (k / 32));
}
