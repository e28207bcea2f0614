import { describe, expect, it } from 'vitest';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { KillResult } from '../../src/bench/kill/run-kills.js';

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const run = promisify(execFile);

describe('topspark bench kill', () => {
  it('finds every state intact after random kills, and refuses truncated files', { timeout: 60_000 }, async () => {
    const args = ['--kills', '15', '--neurons', '60', '--interval', '0.2', '--cut-every', '4', '--json'];
    const { stdout, stderr } = await run(process.execPath, [main, 'bench', 'kill', ...args]);
    expect(stderr).toBe('');
    const result = JSON.parse(stdout) as KillResult;
    expect(result).toMatchObject({ kills: 15, corruptAccepted: 0, checkpointsLost: 0 });
    expect(result.samples).toBeGreaterThan(0);
    // Truncated files were refused at the restart, or at a later one if that was killed too early.
    expect(result.cut).toBeGreaterThan(0);
    expect(result.refused).toBeGreaterThan(0);
    expect(result.refused).toBeLessThanOrEqual(result.cut);
  });
});
