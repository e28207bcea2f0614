import type { EChartsCoreOption } from 'echarts/core';

/** Size of a chart [pixel]. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/**
 * A chart as the text of an SVG, drawn without a browser. ECharts is loaded at the first chart, since it is large and
 * no robot draws while it drives.
 *
 * @param option - what to draw, an option object of ECharts; white and still unless it says otherwise
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
