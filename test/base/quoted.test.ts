import { describe, expect, it } from 'vitest';
import { quoted } from '../../src/base/quoted.js';

describe('a text from outside', () => {
  it('stands in quotes', () => {
    expect(quoted('jpeg')).toBe('"jpeg"');
    expect(quoted('a "b" é')).toBe(String.raw`"a \"b\" é"`);
  });

  it('is cut where it is long', () => {
    expect(quoted('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`);
    expect(quoted('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(60)}…" (1000000 characters)`);
  });

  it('steers no terminal and begins no line', () => {
    const control = Array.from({ length: 160 }, (_, code) => String.fromCharCode(code)).filter(
      (each) => !/[ -~]/.test(each),
    );
    for (const character of control) expect(quoted(`a${character}b`)).toMatch(/^"a[\\?][ -~]*b"$/);
    expect(quoted('\u001b[2J\n')).toBe(String.raw`"\u001b[2J\n"`);
  });
});
