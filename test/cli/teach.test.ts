import { beforeEach, describe, expect, it } from 'vitest';
import { TeachKeys } from '../../src/cli/teach-keys.js';
import { teachLines, type TeachView } from '../../src/cli/teach-screen.js';

const classes = ['kitchen', 'hall'];
let keys: TeachKeys;
beforeEach(() => {
  keys = new TeachKeys();
});
const type = (text: string, now = 0): unknown[] => Array.from(text).flatMap((key) => keys.press(key, classes, now));

describe('keys of topspark teach', () => {
  it('teach a class while its number is held', () => {
    expect(keys.press('2', classes, 10)).toEqual([{ kind: 'begin', name: 'hall' }]);
    // A terminal repeats a key after half a second, then often.
    expect(keys.tick(10.5)).toEqual([]);
    for (let now = 10.5; now < 12; now += 0.03) expect(keys.press('2', classes, now)).toEqual([]);
    expect(keys.held).toBe('hall');
    expect(keys.tick(12.5)).toEqual([]);
    expect(keys.tick(12.8)).toEqual([{ kind: 'end' }]);
    expect(keys.held).toBe('');
    expect(keys.tick(13)).toEqual([]);
  });

  it('switch to another number without a pause: the node hears of the next one only', () => {
    keys.press('1', classes, 0);
    expect(keys.press('2', classes, 0.2)).toEqual([{ kind: 'begin', name: 'hall' }]);
    expect(keys.tick(1)).toEqual([{ kind: 'end' }]);
  });

  it('read a name after / until Enter, with corrections and in any script', () => {
    expect(type('/K\u00fccheq\u007f\u007fe 1')).toEqual([]);
    expect(keys.typed).toBe('K\u00fcche 1');
    expect(type('\r', 5)).toEqual([{ kind: 'begin', name: 'K\u00fcche 1' }]);
    expect(keys.typed).toBeUndefined();
    expect(keys.tick(6)).toEqual([{ kind: 'end' }]);
  });

  it('discard a name at Esc, and ignore an empty one', () => {
    expect(type('/abc\u001b')).toEqual([]);
    expect(keys.typed).toBeUndefined();
    expect(type('/  \r')).toEqual([]);
    expect(keys.held).toBe('');
  });

  it('do nothing for a number without a class', () => {
    expect(type('3 0x\t')).toEqual([]);
  });

  it('take the last burst back, and first end what is held', () => {
    keys.press('1', classes, 0);
    expect(keys.press('u', classes, 0.1)).toEqual([{ kind: 'end' }, { kind: 'take_back' }]);
  });

  it.each(['q', '\u0003', '\u0004'])('quit at %j, and end what is held', (key) => {
    keys.press('1', classes, 0);
    expect(keys.press(key, classes, 0.1)).toEqual([{ kind: 'end' }, { kind: 'quit' }]);
  });

  it('quit at Ctrl-C while a name is typed', () => {
    type('/ab');
    expect(type('\u0003')).toEqual([{ kind: 'quit' }]);
  });
});

describe('the screen of topspark teach', () => {
  const view: TeachView = {
    ...{ node: '/topspark', mode: 'FULL', accuracy: { value: 0.9, low: 0.8, high: 0.95 } },
    classes: [
      { name: 'kitchen', labels: 12, neurons: 31 },
      { name: 'hall', labels: 3, neurons: 9 },
    ],
    ...{ answer: 'kitchen', shares: new Map([['kitchen', 0.75]]), teaching: '', typed: undefined, said: 'done' },
  };
  // eslint-disable-next-line no-control-regex -- colours are escape sequences
  const plain = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/\u001b\[[0-9;]*m/g, ''));

  it('shows classes by their keys, the share of each, what was taught and the last message', () => {
    const lines = plain(teachLines(view, 100));
    expect(lines[0]).toBe('/topspark  FULL  accuracy 90.0 % (80.0 % … 95.0 %)');
    expect(lines[1]).toBe('answer  kitchen');
    expect(lines[3]).toMatch(/^ 1 {2}kitchen {2}█{18}·{6} +75\.0 % +12 labels +31 neurons$/);
    expect(lines[4]).toMatch(/^ 2 {2}hall {5}·{24} +0\.0 % +3 labels +9 neurons$/);
    expect(lines).toContain('done');
  });

  it('is no wider than the terminal, and escapes foreign names', () => {
    const evil = { name: 'a\u001b[31m\nb', labels: 1, neurons: 1 };
    const lines = teachLines({ ...view, classes: [evil], answer: evil.name }, 30);
    for (const line of plain(lines)) expect(Array.from(line).length).toBeLessThanOrEqual(30);
    expect(lines.join('')).not.toContain('\u001b[31m\n');
  });

  it('says how to begin, what is typed and what is being taught', () => {
    expect(plain(teachLines({ ...view, classes: [] }, 100)).join('\n')).toContain(
      '/ and a name teaches the first class',
    );
    expect(plain(teachLines({ ...view, typed: 'ba' }, 100))).toContain('new name: ba▏ (Enter teaches it, Esc cancels)');
    expect(plain(teachLines({ ...view, teaching: 'hall' }, 100))).toContain('teaching hall …');
    expect(plain(teachLines({ ...view, accuracy: { value: NaN, low: 0, high: 1 } }, 100))[0]).toContain('unknown');
  });
});
