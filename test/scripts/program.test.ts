import { describe, expect, it } from 'vitest';
import { programStage } from '../../scripts/setup/program.mjs';

describe('programStage', () => {
  it('expects a script of every source, and none of declarations and of the kernel', () => {
    const { outputs } = programStage('key');
    expect(outputs.some((file) => file.endsWith('/dist/base/errors.js'))).toBe(true);
    expect(outputs.filter((file) => file.endsWith('.d.js') || file.includes('/kernel/'))).toEqual([]);
  });

  it('is done again when what it is checked against changed', () => {
    expect(programStage('one').key).toBe(programStage('one').key);
    expect(programStage('one').key).not.toBe(programStage('two').key);
  });
});
