import type { EChartsCoreOption } from 'echarts/core';

/** Size of a chart [pixel]. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a chart as SVG text, without a browser. ECharts is large and often not needed, so it is loaded at the first
 * chart.
 *
 * @param option - option object of ECharts; by default the background is white and nothing is animated
 */
export async function chartSvg(option: EChartsCoreOption, { width, height }: ChartSize): Promise<string> {
  const { init } = await import('echarts');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, backgroundColor: '#fff', ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
