const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const levels = '▁▂▃▄▅▆▇█';

/**
 * A horizontal bar of exactly `width` characters, with a resolution of an eighth of a character.
 *
 * @param share - 0..1; values outside are drawn as the nearer end, NaN as empty
 */
export function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share || 0)) * width * 8);
  const drawn = '█'.repeat(Math.floor(filled / 8)) + (eighths[filled % 8] ?? '');
  return drawn.padEnd(width, '·');
}

/** A curve between `low` and `high`, one character per value; a blank where a value is NaN. */
export function sparkline(values: readonly number[], low: number, high: number): string {
  const glyph = (value: number): string => {
    const share = (value - low) / (high - low);
    return Number.isNaN(value) ? ' ' : levels.charAt(Math.min(7, Math.max(0, Math.floor(share * 8))));
  };
  return values.map(glyph).join('');
}

/** A grey picture 0..255, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * A picture in black and white, two rows of pixels per line of text.
 *
 * @returns ⌈height / 2⌉ lines of `width` characters
 */
export function halfBlocks({ width, height, data }: Picture): string[] {
  const lit = (row: number, column: number): number =>
    Number((row < height ? (data[row * width + column] ?? 0) : 0) > 96);
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) =>
    Array.from({ length: width }, (__, column) =>
      ' ▀▄█'.charAt(lit(2 * line, column) + 2 * lit(2 * line + 1, column)),
    ).join(''),
  );
}
