import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf, hashOfFolder, stampOf } from '../../scripts/setup/stamp.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-stamp-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('stampOf', () => {
  it('is valid for the key that was written, as long as the outputs exist', () => {
    const output = join(folder, 'output');
    writeFileSync(output, '');
    stampOf('stage', folder).write('key');
    expect(stampOf('stage', folder).holds('key', [output])).toBe(true);
    expect(stampOf('stage', folder).holds('other', [output])).toBe(false);
    expect(stampOf('else', folder).holds('key', [output])).toBe(false);
    rmSync(output);
    expect(stampOf('stage', folder).holds('key', [output])).toBe(false);
  });

  it('is not valid after it was removed', () => {
    const stamp = stampOf('stage', folder);
    stamp.write('key');
    stamp.remove();
    expect(stamp.holds('key', [])).toBe(false);
  });
});

describe('hashOf', () => {
  it('distinguishes the same text split at different places', () => {
    expect(hashOf(['ab', 'c'])).not.toBe(hashOf(['a', 'bc']));
    expect(hashOf(['ab', 'c'])).toBe(hashOf(['ab', 'c']));
  });
});

describe('hashOfFolder', () => {
  it('changes with a content, a name and a new file, also in subfolders', () => {
    const file = join(folder, 'below', 'a.msg');
    mkdirSync(join(folder, 'below'));
    writeFileSync(file, 'one');
    const hashes = [hashOfFolder(folder)];
    writeFileSync(file, 'two');
    hashes.push(hashOfFolder(folder));
    renameSync(file, join(folder, 'below', 'b.msg'));
    hashes.push(hashOfFolder(folder));
    writeFileSync(join(folder, 'c.msg'), '');
    hashes.push(hashOfFolder(folder));
    expect(new Set(hashes).size).toBe(hashes.length);
    rmSync(join(folder, 'c.msg'));
    expect(hashOfFolder(folder)).toBe(hashes[2]);
  });

  it('is that of nothing for a missing folder', () => {
    expect(hashOfFolder(join(folder, 'none'))).toBe(hashOf([]));
  });
});
