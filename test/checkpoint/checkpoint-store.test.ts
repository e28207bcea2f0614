import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TopsparkError } from '../../src/base/errors.js';
import type { Snapshot } from '../../src/base/snapshot.js';
import { CheckpointStore } from '../../src/checkpoint/checkpoint-store.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const snapshot = (samples: number): Snapshot => ({
  tensors: { theta: { shape: [1], data: Float32Array.of(samples) } },
  meta: { samples },
  weightsHash: `hash ${samples}`,
});
const nothing = (): void => undefined;

describe('a folder of checkpoints', () => {
  it('gives the newest one back', () => {
    const store = new CheckpointStore(join(folder, 'made/on/demand'), 3);
    store.save(snapshot(1));
    expect(store.save(snapshot(2)).name).toBe('checkpoint-00000002.safetensors');
    expect(store.restoreNewest(nothing, nothing)?.snapshot).toEqual(snapshot(2));
    expect(store.load('checkpoint-00000001.safetensors').snapshot).toEqual(snapshot(1));
  });

  it('keeps as many as it shall, and never reuses a number', () => {
    const store = new CheckpointStore(folder, 2);
    for (let samples = 1; samples <= 4; samples++) store.save(snapshot(samples));
    expect(readdirSync(folder).sort()).toEqual(['checkpoint-00000003.safetensors', 'checkpoint-00000004.safetensors']);
  });

  it('has nothing where there is no folder', () => {
    expect(new CheckpointStore(join(folder, 'none'), 1).restoreNewest(nothing, nothing)).toBeUndefined();
  });

  it('passes over a broken one, tells of it and leaves it where it is', () => {
    const store = new CheckpointStore(folder, 5);
    store.save(snapshot(1));
    const { name } = store.save(snapshot(2));
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path).subarray(0, 60));
    const skipped: TopsparkError[] = [];
    const restored = store.restoreNewest(nothing, (error) => skipped.push(error));
    expect(restored?.snapshot).toEqual(snapshot(1));
    expect(skipped.map((error) => error.code)).toEqual(['checkpoint_broken']);
    expect(existsSync(path)).toBe(true);
  });

  it('leaves no half-written file and no lost checkpoint when it cannot write', () => {
    const store = new CheckpointStore(folder, 5);
    store.save(snapshot(1));
    const blocked = new CheckpointStore(join(folder, 'checkpoint-00000001.safetensors'), 5);
    expect(() => blocked.save(snapshot(2))).toThrow(/^checkpoint checkpoint-00000001.safetensors was not written: /);
    expect(readdirSync(folder)).toEqual(['checkpoint-00000001.safetensors']);
    expect(store.restoreNewest(nothing, nothing)?.snapshot).toEqual(snapshot(1));
  });

  it.each([
    '../checkpoint-00000001.safetensors',
    '/etc/passwd',
    '',
    'checkpoint-1',
    'checkpoint-00000001.safetensors/..',
  ])('takes the name %s for no checkpoint', (name) => {
    const store = new CheckpointStore(folder, 5);
    expect(() => store.load(name)).toThrow(`checkpoint name is "${name}", expected one inside the checkpoint folder`);
  });

  it('says why a checkpoint was not read', () => {
    expect(() => new CheckpointStore(folder, 5).load('checkpoint-00000009.safetensors')).toThrow(
      /was not read: ENOENT/,
    );
  });
});
