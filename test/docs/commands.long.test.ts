import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documents } from './documents.js';
import { shellBlocks } from './fences.js';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'topspark-docs-'));

// `npx topspark` as in the checkout, in a folder where the commands may write.
beforeAll(() => {
  const bin = join(folder, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  const program = join(root, 'dist', 'cli', 'main.js');
  // As npx itself does with the program of a package.
  chmodSync(program, 0o755);
  symlinkSync(program, join(bin, 'topspark'));
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

const blocksOf = new Map(documents.map((document) => [document, shellBlocks(document)]));
const bare = documents.flatMap((document) =>
  (blocksOf.get(document) ?? [])
    .filter((block) => block.bare)
    .map(({ text }): [string, string, string] => [document, text.split('\n')[1], text]),
);

describe('commands of the documents', () => {
  // One after the other: each uses what the ones before wrote.
  it.each(bare)('%s, without ROS: %s', { timeout: 130_000 }, async (document, _, text) => {
    const { code, output } = await run(text);
    expect(output).not.toContain('topspark: ');
    expect(code).toBe(0);
    if (document === 'docs/offline.md' && text.includes('topspark train --samples')) expectSameWeights(output);
  });

  it('the tutorial creates the files that it names', () => {
    const written = ['drive.mcap', 'decisions.mcap', 'places.safetensors', 'profile.json', 'profile.html'];
    for (const name of written) expect(existsSync(join(folder, name)), name).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'profile.json'), 'utf8'))).toHaveProperty('points');
  });

  it.each(documents)('%s marks no command that needs ROS as without ROS', (document) => {
    for (const block of blocksOf.get(document) ?? []) {
      if (block.bare) expect(block.text).not.toMatch(/^(ros2|colcon) /m);
    }
  });
});

// The bits are the same on every machine, so docs/offline.md can print them.
function expectSameWeights(output: string): void {
  const [printed] = /weights +sha256 [0-9a-f]{64}/.exec(readFileSync(join(root, 'docs/offline.md'), 'utf8')) ?? ['?'];
  expect(output).toContain(printed);
}
