import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { paths } from '../../scripts/setup/paths.mjs';
import { programStage } from '../../scripts/setup/program.mjs';

describe('programStage', () => {
  it('expects a script of every source, and none of declarations and of the kernel', () => {
    const { outputs } = programStage('key');
    expect(outputs).toContain(join(paths.dist, 'snn', 'network.js'));
    // Its name begins like the kernel's folder.
    expect(outputs).toContain(join(paths.dist, 'snn', 'kernel-module.js'));
    expect(outputs.filter((file) => file.endsWith('.d.js') || file.includes('/kernel/'))).toEqual([]);
  });

  it('is done again when what it is checked against changed', () => {
    expect(programStage('one').key).toBe(programStage('one').key);
    expect(programStage('one').key).not.toBe(programStage('two').key);
  });
});
