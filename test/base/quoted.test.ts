import { describe, expect, it } from 'vitest';
import { jsonLine, printable, printableTexts, quoted } from '../../src/base/quoted.js';

describe('a text from outside', () => {
  it('stands in quotes', () => {
    expect(quoted('jpeg')).toBe('"jpeg"');
    expect(quoted('a "b" é')).toBe(String.raw`"a \"b\" é"`);
  });

  it('is shortened when it is long', () => {
    expect(quoted('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`);
    expect(quoted('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(60)}…" (1000000 characters)`);
  });

  it('controls no terminal and begins no line', () => {
    const control = Array.from({ length: 160 }, (_, code) => String.fromCharCode(code)).filter(
      (each) => !/[ -~]/.test(each),
    );
    for (const character of control) expect(quoted(`a${character}b`)).toMatch(/^"a[\\?][ -~]*b"$/);
    expect(quoted('\u001b[2J\n')).toBe(String.raw`"\u001b[2J\n"`);
  });
});

/** Characters that control a terminal, forge a line or change the writing direction, and how they are shown. */
const hostile = [
  ['\u001b[2J', String.raw`\u001b[2J`],
  ['\u001b]0;title\u0007', String.raw`\u001b]0;title\u0007`],
  ['\u009b2J', String.raw`\u009b2J`],
  ['a\nforged', String.raw`a\nforged`],
  ['a\r\tb', String.raw`a\r\tb`],
  ['a\u202eb', String.raw`a\u202eb`],
  ['a\u2066b\u2069', String.raw`a\u2066b\u2069`],
  ['a\u2028b\u200b', String.raw`a\u2028b\u200b`],
  ['a\u007fb', String.raw`a\u007fb`],
] as const;

describe('a text that reaches a terminal', () => {
  it.each(hostile)('shows %j as an escape', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('keeps letters of every script, accents and symbols', () => {
    const text = 'Küche 台所 مطبخ 🤖 a\\b "c"';
    expect(printable(text)).toBe(text);
  });

  it('escapes every text of a nested value, and leaves the rest alone', () => {
    const bytes = new Uint8Array([27]);
    expect(printableTexts({ 'a\n': ['\u001b', 1, null], bytes, big: 1n })).toEqual({
      'a\\n': [String.raw`\u001b`, 1, null],
      ...{ bytes, big: 1n },
    });
  });

  it('stays the same value in JSON', () => {
    const value = { names: hostile.map(([text]) => text) };
    const line = jsonLine(value);
    expect(JSON.parse(line)).toEqual(value);
    expect(line.trimEnd()).toBe(printable(line.trimEnd()));
    expect(line.endsWith('\n')).toBe(true);
  });
});
