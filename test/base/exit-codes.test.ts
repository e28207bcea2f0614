import { expect, it } from 'vitest';
import { TopsparkError, exitCodeOf, explain } from '../../src/base/errors.js';

it.each([
  ['usage', 2],
  ['data', 3],
  ['checkpoint', 3],
  ['environment', 1],
] as const)('an error of kind %s ends a program with %d', (kind, code) => {
  expect(exitCodeOf(new TopsparkError('some_code', kind, 'a sentence'))).toBe(code);
});

it('an unexpected error ends a program with 1, in one sentence that says how to find its place', () => {
  const error = new TypeError('x is not\n  a function\u001b[2J');
  expect(exitCodeOf(error)).toBe(1);
  const sentence = String.raw`unexpected error: x is not; a function\u001b[2J`;
  expect(explain(error, {})).toBe(`${sentence} (TOPSPARK_TRACE=1 shows where)`);
  expect(explain(error, { TOPSPARK_TRACE: '1' })).toMatch(/^unexpected error: x is not.*\n[^]* {4}at /);
});

it('a system error already is a sentence', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    syscall: 'write',
  });
  expect(explain(error, {})).toBe('ENOSPC: no space left on device, write');
});
