import type { EChartsCoreOption } from 'echarts/core';
import { describe, expect, it } from 'vitest';
import { chartSvg } from '../../src/report/chart.js';

const option = (values: number[]): EChartsCoreOption => ({
  title: { text: 'cost against N' },
  xAxis: { type: 'value', name: 'N' },
  yAxis: { type: 'value' },
  series: [{ type: 'line', data: values.map((value, index) => [index, value]) }],
});
const lines = (svg: string): (string | undefined)[] =>
  [...svg.matchAll(/ d="([^"]*)"[^>]* stroke-linejoin="bevel"/g)].map(([, path]) => path);

describe('chartSvg', () => {
  it('draws an SVG of the given size that holds its texts', async () => {
    const svg = await chartSvg(option([1, 2, 4]), { width: 320, height: 200 });
    expect(svg).toMatch(/^<svg width="320" height="200"/);
    expect(svg).toContain('cost against N');
  });

  it('draws the same line for the same data, and another one for other data', async () => {
    const size = { width: 320, height: 200 };
    const first = lines(await chartSvg(option([1, 2, 4]), size));
    expect(first).toHaveLength(1);
    expect(lines(await chartSvg(option([1, 2, 4]), size))).toEqual(first);
    expect(lines(await chartSvg(option([1, 3, 4]), size))).not.toEqual(first);
  });
});
