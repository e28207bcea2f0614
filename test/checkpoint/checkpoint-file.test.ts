import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/base/snapshot.js';
import { loadCheckpoint, saveCheckpoint } from '../../src/checkpoint/checkpoint-file.js';

const snapshot: Snapshot = {
  tensors: { weights: { shape: [2], data: Float32Array.of(0.5, 1) } },
  meta: { classes: ['kitchen'] },
  weightsHash: 'abc',
};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-checkpoint-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a checkpoint in a file of its own', () => {
  it('restores what was saved, and replaces an older file', () => {
    const file = join(folder, 'digits.safetensors');
    writeFileSync(file, 'an older one');
    saveCheckpoint(file, snapshot);
    expect(loadCheckpoint(file)).toEqual(snapshot);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('replaces the file that a link leads to', () => {
    const [file, link] = [join(folder, 'digits.safetensors'), join(folder, 'newest')];
    writeFileSync(file, 'an older one');
    symlinkSync(file, link);
    saveCheckpoint(link, snapshot);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(loadCheckpoint(file)).toEqual(snapshot);
  });

  it('is refused in one sentence when it cannot be written or read', () => {
    const place = join(folder, 'folder');
    mkdirSync(place);
    expect(() => {
      saveCheckpoint(place, snapshot);
    }).toThrow(`checkpoint ${place} was not written: it exists and is not a file`);
    expect(() => loadCheckpoint(join(folder, 'nothing'))).toThrow(/^checkpoint .*nothing was not read: ENOENT/);
    writeFileSync(join(folder, 'broken'), readFileSync(import.meta.filename));
    expect(() => loadCheckpoint(join(folder, 'broken'))).toThrow(/^checkpoint .*broken: /);
  });
});
