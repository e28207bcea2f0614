import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;

/** Runs the built command as a user does. */
function bench(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'bench', ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe('topspark bench', () => {
  it('refuses an option that a benchmark does not have as wrong usage', async () => {
    const { code, out, err } = await bench('ros', '--speed', '9');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain("unknown option '--speed'");
  });
});
