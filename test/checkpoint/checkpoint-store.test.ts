import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TopsparkError } from '../../src/base/errors.js';
import type { Slices } from '../../src/base/slices.js';
import type { Snapshot } from '../../src/base/snapshot.js';
import { CheckpointStore, type RefusedCheckpoint } from '../../src/checkpoint/checkpoint-store.js';

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

function* slices(whole: Snapshot): Slices<Snapshot> {
  yield;
  return whole;
}

describe('CheckpointStore', () => {
  it('restores the newest checkpoint', () => {
    const store = new CheckpointStore(join(folder, 'made/on/demand'), 3);
    store.save(snapshot(1));
    expect(store.save(snapshot(2)).name).toBe('checkpoint-00000002.safetensors');
    expect(store.restoreNewest(nothing, nothing)?.snapshot).toEqual(snapshot(2));
    expect(store.load('checkpoint-00000001.safetensors').snapshot).toEqual(snapshot(1));
  });

  it('keeps the configured number of checkpoints, and never reuses a number', () => {
    const store = new CheckpointStore(folder, 2);
    for (let samples = 1; samples <= 4; samples++) store.save(snapshot(samples));
    expect(readdirSync(folder).sort()).toEqual(['checkpoint-00000003.safetensors', 'checkpoint-00000004.safetensors']);
  });

  it('renumbers all in order when the largest possible number is taken', () => {
    const store = new CheckpointStore(folder, 3);
    store.save(snapshot(1));
    store.save(snapshot(2));
    const last = join(folder, 'checkpoint-999999999999999.safetensors');
    renameSync(join(folder, 'checkpoint-00000002.safetensors'), last);
    const again = new CheckpointStore(folder, 3);
    expect(again.restoreNewest(nothing, nothing)?.snapshot).toEqual(snapshot(2));
    const { name } = again.save(snapshot(3));
    expect(again.names()).toEqual([3, 2, 1].map((number) => `checkpoint-0000000${number}.safetensors`));
    expect(again.names()[0]).toBe(name);
    const samples = again.names().map((each) => again.load(each).snapshot.meta['samples']);
    expect(samples).toEqual([3, 2, 1]);
    again.save(snapshot(4));
    expect(again.names()).toHaveLength(3);
    expect(new CheckpointStore(folder, 3).restoreNewest(nothing, nothing)?.snapshot).toEqual(snapshot(4));
  });

  it('is empty when there is no folder', () => {
    expect(new CheckpointStore(join(folder, 'none'), 1).restoreNewest(nothing, nothing)).toBeUndefined();
  });

  it('saves in slices the same bytes as at once, and the later call is the newer checkpoint', async () => {
    const store = new CheckpointStore(folder, 5);
    const pending = store.saveInTurns(slices(snapshot(1)));
    const at = store.save(snapshot(1));
    const stored = await pending;
    expect([stored.name, at.name]).toEqual(['checkpoint-00000001.safetensors', 'checkpoint-00000002.safetensors']);
    const [first, second] = [stored, at].map(({ name }) => readFileSync(join(folder, name)));
    expect(first.equals(second)).toBe(true);
  });

  it('sets a broken checkpoint aside, reports it and never reuses its number', () => {
    const store = new CheckpointStore(folder, 5);
    store.save(snapshot(1));
    const { name } = store.save(snapshot(2));
    const half = readFileSync(join(folder, name)).subarray(0, 60);
    writeFileSync(join(folder, name), half);
    const refused: RefusedCheckpoint[] = [];
    const other = new CheckpointStore(folder, 1);
    const restored = other.restoreNewest(nothing, (checkpoint) => refused.push(checkpoint));
    expect(restored?.snapshot).toEqual(snapshot(1));
    expect(refused.map(({ error, name: aside }) => [error.code, aside])).toEqual([
      ['checkpoint_broken', `${name}.broken`],
    ]);
    expect(other.save(snapshot(3)).name).toBe('checkpoint-00000003.safetensors');
    expect(readdirSync(folder).sort()).toEqual([`${name}.broken`, 'checkpoint-00000003.safetensors']);
    expect(readFileSync(join(folder, `${name}.broken`)).equals(half)).toBe(true);
  });

  it('keeps the checkpoints of another network through any number of saves, and finds them again', () => {
    const only = (kind: number) => (found: Snapshot) => {
      if (found.meta['samples'] !== kind) throw new TopsparkError('bad_state', 'checkpoint', 'another network');
    };
    new CheckpointStore(folder, 2).save(snapshot(400));
    const refused: string[] = [];
    const small = new CheckpointStore(folder, 2);
    expect(small.restoreNewest(only(100), ({ name }) => refused.push(name))).toBeUndefined();
    for (let k = 0; k < 5; k++) small.save(snapshot(100));
    const back = new CheckpointStore(folder, 2);
    expect(back.restoreNewest(only(400), ({ name }) => refused.push(name))?.name).toBe(
      'checkpoint-00000001.safetensors',
    );
    expect(refused).toEqual([1, 6, 5].map((number) => `checkpoint-0000000${number}.safetensors.unfit`));
    expect(back.save(snapshot(400)).name).toBe('checkpoint-00000007.safetensors');
  });

  it('replaces a half-written file of a process with the same number, and removes those of dead processes', () => {
    writeFileSync(join(folder, `.checkpoint-00000003.safetensors.${process.pid}.tmp`), 'half');
    writeFileSync(join(folder, '.checkpoint-00000002.safetensors.1.tmp'), 'half');
    mkdirSync(join(folder, `.checkpoint-00000001.safetensors.2.tmp`));
    const store = new CheckpointStore(folder, 5);
    expect(store.save(snapshot(1)).name).toBe('checkpoint-00000004.safetensors');
    expect(readdirSync(folder).sort()).toEqual([
      '.checkpoint-00000001.safetensors.2.tmp',
      'checkpoint-00000004.safetensors',
    ]);
  });

  it('leaves no half-written file and no lost checkpoint when it cannot write', () => {
    const store = new CheckpointStore(folder, 5);
    store.save(snapshot(1));
    const blocked = new CheckpointStore(join(folder, 'checkpoint-00000001.safetensors'), 5);
    expect(() => blocked.save(snapshot(2))).toThrow(/^checkpoint folder .* was not listed: ENOTDIR/);
    expect(readdirSync(folder)).toEqual(['checkpoint-00000001.safetensors']);
    expect(store.restoreNewest(nothing, nothing)?.snapshot).toEqual(snapshot(1));
  });

  it.each([
    '../checkpoint-00000001.safetensors',
    '/etc/passwd',
    '',
    'checkpoint-1',
    'checkpoint-00000001.safetensors/..',
  ])('does not take the name %s for a checkpoint', (name) => {
    const store = new CheckpointStore(folder, 5);
    expect(() => store.load(name)).toThrow(`checkpoint name is "${name}", expected one inside the checkpoint folder`);
  });

  it('reports why a checkpoint was not read', () => {
    expect(() => new CheckpointStore(folder, 5).load('checkpoint-00000009.safetensors')).toThrow(
      /was not read: ENOENT/,
    );
  });
});
