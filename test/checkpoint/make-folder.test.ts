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
  it('makes every folder that is missing and names the first of them', () => {
    expect(makeFolder(join(folder, 'a', 'b', 'c'))).toBe(join(folder, 'a'));
    expect(existsSync(join(folder, 'a', 'b', 'c'))).toBe(true);
  });

  it('makes nothing where the folder is there', () => {
    mkdirSync(join(folder, 'a'));
    expect(makeFolder(join(folder, 'a'))).toBeUndefined();
  });

  it.runIf(existsSync('/proc/self'))('ends with the error of the system below /proc', () => {
    expect(() => makeFolder('/proc/foo')).toThrow('ENOENT');
  });

  it('refuses a file, what lies below one, and a link that leads nowhere', () => {
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST');
    expect(() => makeFolder(join(folder, 'file', 'below'))).toThrow('ENOTDIR');
    expect(() => makeFolder(join(folder, 'link'))).toThrow('EEXIST');
  });
});
