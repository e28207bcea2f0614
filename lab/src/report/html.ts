import { printable } from 'topspark/base/quoted.js';

/** Escapes text for HTML. Characters that control or hide text are shown as escapes. */
export function escape(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };
  return printable(text).replace(/[&<>"']/g, (sign) => `&${names[sign]};`);
}

/** A table of texts. The first cell of each row is its header. */
export function htmlTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const title = `<tr>${head.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('')}</tr>`;
  const lines = rows.map(([first, ...rest]) => {
    const cells = rest.map((cell) => `<td>${escape(cell)}</td>`).join('');
    return `<tr><th scope="row">${escape(first)}</th>${cells}</tr>`;
  });
  return `<div class="scroll"><table><caption>${escape(caption)}</caption><thead>${title}</thead><tbody>${lines.join('')}</tbody></table></div>`;
}

/** A plot with its title, a description, and its figures as a table. */
export function figure(plot: {
  readonly title: string;
  readonly description: string;
  readonly svg: string;
  readonly table: string;
  /** The plot is as wide as the page. */
  readonly wide?: true;
}): string {
  const { title, description, svg, table, wide = false } = plot;
  const named = svg.replace('<svg ', `<svg role="img" aria-label="${escape(`${title}. ${description}`)}" `);
  return `<figure class="plot${wide ? ' wide' : ''}"><figcaption><h3>${escape(title)}</h3><p>${escape(description)}</p></figcaption>
<div class="scroll">${named}</div>
<details><summary>Figures as a table</summary>${table}</details></figure>`;
}

export const micro = (value: number): string => (value * 1e6).toPrecision(3);
