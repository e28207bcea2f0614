import type { ProfileResult } from '../profile/profile-result.js';
import { figure, htmlTable } from './html.js';
import { hues, inkSvg } from './ink.js';

/** The confusion matrix on the test set. */
export async function confusion({ test, dataset }: ProfileResult): Promise<string> {
  const { classNames } = dataset;
  const answers = [...classNames, 'none'];
  const total = test.confusion.map((row) =>
    Math.max(
      1,
      row.reduce((sum, count) => sum + count, 0),
    ),
  );
  const large = classNames.length > 30;
  const cells = test.confusion.flatMap((row, truth) =>
    row.map((count, answer) => ({ value: [answer, truth, count / total[truth]], name: String(count) })),
  );
  const longest = Math.max(...answers.map(({ length }) => length));
  const side = large ? 12 : 38;
  const left = 40 + 7 * longest;
  const svg = await inkSvg(
    {
      grid: { left, right: 16, top: 16, bottom: 30 + (longest > 3 ? 6 * longest : 24) },
      xAxis: {
        type: 'category',
        data: answers,
        name: 'answer',
        nameLocation: 'middle',
        nameGap: longest > 3 ? 5 * longest + 16 : 26,
        axisLabel: { interval: 0, rotate: longest > 3 ? 45 : 0 },
      },
      yAxis: { type: 'category', data: classNames, inverse: true, axisLabel: { interval: 0 } },
      visualMap: { show: false, min: 0, max: 1, inRange: { color: ['rgba(63,143,210,0.04)', hues[0]] } },
      series: [
        {
          type: 'heatmap',
          data: cells,
          label: { show: !large, formatter: '{b}', color: '#010203', fontSize: 11 },
        },
      ],
    },
    {
      width: left + 16 + side * answers.length,
      height: 80 + side * classNames.length + (longest > 3 ? 6 * longest : 0),
    },
  );
  const rows = test.confusion.map((row, truth) => [classNames[truth], ...row.map(String)]);
  return figure({
    title: 'Confusion matrix',
    description: `Test set at the recommended point, ${test.samples} samples; rows are the truth, columns the answers.`,
    svg,
    table: htmlTable('Rows: truth; columns: answers', ['', ...answers], rows),
  });
}
