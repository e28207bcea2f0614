import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellBlocks } from './fences.js';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'topspark-docs-'));

// `npx topspark` as in the checkout, in a folder where the commands may write.
beforeAll(() => {
  const bin = join(folder, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(root, 'dist', 'cli', 'main.js'), join(bin, 'topspark'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(commands: string): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const options = { cwd: folder, timeout: 120_000, maxBuffer: 2 ** 26 };
    execFile('sh', ['-e', '-c', commands], options, (error, out, err) => {
      done({ code: error === null ? 0 : Number(error.code ?? 1), output: out + err });
    });
  });
}

describe('the tutorial', () => {
  const blocks = shellBlocks('docs/tutorial.md');

  // One after the other: each goes on from what the ones before wrote.
  it.each(blocks.filter(({ bare }) => bare).map(({ text }) => [text.split('\n')[1], text]))(
    'does what it says without ROS: %s',
    { timeout: 130_000 },
    async (_, text) => {
      const { code, output } = await run(text);
      expect(output).not.toContain('topspark: ');
      expect(code).toBe(0);
    },
  );

  it('leaves the files that it names', () => {
    const written = ['drive.mcap', 'decisions.mcap', 'places.safetensors', 'profile.json', 'profile.html'];
    for (const name of written) expect(existsSync(join(folder, name)), name).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'profile.json'), 'utf8'))).toHaveProperty('points');
  });

  it('marks as needing ROS 2 only what calls it', () => {
    for (const { text, bare } of blocks) expect(/^ros2 /m.test(text)).toBe(!bare);
  });
});

describe('docs/security.md', () => {
  it('says of each command what it needs', () => {
    expect(shellBlocks('docs/security.md').map(({ bare }) => bare)).toEqual([false, false]);
  });
});
