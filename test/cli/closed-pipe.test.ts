import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
let folder: string;
/** The write end of a pipe without a reader. */
let closed: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-'));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  closed = openSync(pipe, 'w');
  closeSync(reader);
});
afterEach(() => {
  closeSync(closed);
  rmSync(folder, { recursive: true });
});

describe('a command whose output nobody reads', () => {
  it.each([
    ['--help'],
    ['train --help'],
    ['bench --help'],
    ['bench engine --help'],
    ['train --samples 10 --test-samples 10 --neurons 10 --json'],
  ])('ends quietly with the exit code of a broken pipe: %s', (args) => {
    const { status, stderr } = spawnSync(process.execPath, [main, ...args.split(' ')], {
      stdio: ['ignore', closed, 'pipe'],
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
  });

  it('ends quietly when nobody reads its standard error', () => {
    const { status, stdout } = spawnSync(process.execPath, [main, 'train', '--neurons', '1'], {
      stdio: ['ignore', 'pipe', closed],
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 141, stdout: '' });
  });
});
