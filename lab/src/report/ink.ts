import type { EChartsCoreOption } from 'echarts/core';
import { chartSvg, type ChartSize } from './chart.js';

// A chart takes the text colour of the page, so that it can be read in light and dark style. Text and lines are drawn
// in two colours that nothing else uses. The finished SVG has `currentColor` in their place.
const text = '#010203';
const line = '#010204';

/** Colours of series that can be seen on light and dark backgrounds. */
export const hues = ['#3f8fd2', '#e07b39', '#2fa36b', '#b565c9', '#c9a227', '#d1495b'] as const;

/** A muted colour for points that are shown only for comparison. */
export const muted = '#8a8f98';

/** Draws a chart in the text colour of the page. */
export async function inkSvg(option: EChartsCoreOption, size: ChartSize): Promise<string> {
  const axis = (given: unknown): unknown => {
    if (Array.isArray(given)) return given.map(axis);
    return {
      nameTextStyle: { color: text },
      axisLabel: { color: text, ...(given as { axisLabel?: object }).axisLabel },
      axisLine: { lineStyle: { color: text } },
      axisTick: { lineStyle: { color: text } },
      splitLine: { lineStyle: { color: line, opacity: 0.15 } },
      ...without(given as object, 'axisLabel'),
    };
  };
  const { xAxis, yAxis, legend } = option;
  const svg = await chartSvg(
    {
      color: [...hues],
      textStyle: { fontFamily: 'system-ui, sans-serif', color: text },
      backgroundColor: 'transparent',
      ...option,
      ...(xAxis !== undefined && { xAxis: axis(xAxis) }),
      ...(yAxis !== undefined && { yAxis: axis(yAxis) }),
      ...(legend !== undefined && { legend: { textStyle: { color: text }, ...(legend as object) } }),
    },
    size,
  );
  return svg.replaceAll(text, 'currentColor').replaceAll(line, 'currentColor');
}

function without(object: object, name: string): object {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}
