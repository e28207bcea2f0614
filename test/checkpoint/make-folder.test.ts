import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/checkpoint/durable-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-folder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('makeFolder', () => {
  it('creates all missing folders and returns the first of them', () => {
    expect(makeFolder(join(folder, 'a', 'b', 'c'))).toBe(join(folder, 'a'));
    expect(existsSync(join(folder, 'a', 'b', 'c'))).toBe(true);
  });

  it('creates nothing when the folder exists', () => {
    mkdirSync(join(folder, 'a'));
    expect(makeFolder(join(folder, 'a'))).toBeUndefined();
  });

  it.runIf(existsSync('/proc/self'))("fails with the system's error below /proc", () => {
    expect(() => makeFolder('/proc/foo')).toThrow('ENOENT');
  });

  it('refuses a file, a path below a file, and a dangling link', () => {
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST');
    expect(() => makeFolder(join(folder, 'file', 'below'))).toThrow('ENOTDIR');
    expect(() => makeFolder(join(folder, 'link'))).toThrow('EEXIST');
  });
});
