/** A table in Markdown; vertical bars inside cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The sentence that keeps people from editing a generated file. */
export const generatedNote = (source: string): string =>
  `<!-- Written by \`npm run docs\` from ${source}; a test fails where both differ. -->`;
