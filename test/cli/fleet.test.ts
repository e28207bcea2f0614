import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topspark as inThisProcess, type Ended } from '../../lab/test/training/topspark.js';
import { atOnce } from '../../src/base/slices.js';
import { loadCheckpoint, saveCheckpoint } from '../../src/checkpoint/checkpoint-file.js';
import type { FleetMergeResult, FleetStatusResult } from '../../src/cli/fleet-command.js';
import { blobRows } from '../../src/fleet/contribution-file.js';
import { encodeManifest } from '../../src/fleet/manifest.js';
import { contributionOf } from '../../src/fleet/own-contribution.js';
import { TaughtRobot } from '../fleet/taught-robot.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-fleet-'));
const file = (name: string): string => join(folder, name);

const topspark = (...args: string[]): Promise<Ended> => inThisProcess(args);

const merge = async (...args: string[]): Promise<FleetMergeResult> => {
  const { code, out, err } = await topspark('fleet', 'merge', ...args, '--json');
  expect(code, err).toBe(0);
  return JSON.parse(out) as FleetMergeResult;
};

beforeAll(() => {
  const taught = { one: 'a', two: 'b', three: 'c' };
  for (const [k, [name, kind]] of Object.entries(taught).entries()) {
    saveCheckpoint(file(`${name}.safetensors`), new TaughtRobot(k + 1).teach(kind, 60).classifier.snapshot());
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('topspark fleet', { timeout: 60_000 }, () => {
  it('merges robots with different classes into one that knows all, in any order', async () => {
    const [one, two, three] = ['one', 'two', 'three'].map((name) => file(`${name}.safetensors`));
    const before = readFileSync(one);
    const first = await merge(one, two, three, '--output', file('first.safetensors'));
    const second = await merge(one, three, two, '--output', file('second.safetensors'));
    expect(second.weightsHash).toBe(first.weightsHash);
    expect(first).toMatchObject({ merged: true, refused: [], classes: ['a', 'b', 'c'] });
    expect(first.from.map(({ robot }) => robot).sort()).toContain('two');
    const stored = loadCheckpoint(file('first.safetensors'));
    expect(stored.weightsHash).toBe(first.weightsHash);
    const robot = new TaughtRobot(9);
    robot.classifier.restore(stored);
    expect(robot.accuracy(['a', 'b', 'c'])).toBeGreaterThan(0.9);
    expect(readFileSync(one)).toEqual(before);
  });

  it('lets a robot count less, or not at all', async () => {
    const [one, two, three] = ['one', 'two', 'three'].map((name) => file(`${name}.safetensors`));
    const half = await merge(one, two, three, '--weights', 'two=0.5', '--output', file('half.safetensors'));
    const again = await merge(one, three, two, '--weights', 'two=0.5', '--output', file('again.safetensors'));
    const whole = await merge(one, two, three, '--output', file('whole.safetensors'));
    expect(half.from.map(({ robot }) => robot).sort()).toEqual(['three', 'two']);
    expect(again.weightsHash).toBe(half.weightsHash);
    expect(half.weightsHash).not.toBe(whole.weightsHash);
    const none = await merge(one, two, three, '--weights', 'two=0', '--output', file('none-of-two.safetensors'));
    const without = await merge(one, three, '--output', file('without.safetensors'));
    expect(none.from.map(({ robot }) => robot)).toEqual(['three']);
    expect(none.weightsHash).toBe(without.weightsHash);
    const args = ['fleet', 'merge', one, two, '--weights', 'two=2', '--output', file('wrong.safetensors')];
    expect(await topspark(...args)).toMatchObject({ code: 2, err: expect.stringContaining('two=2') as string });
    expect(existsSync(file('wrong.safetensors'))).toBe(false);
  });

  it('merges the contributions in the fleet folder of a node', async () => {
    const snapshot = loadCheckpoint(file('two.safetensors'));
    const { manifest, chunks } = atOnce(contributionOf(snapshot, { robot: 'two', version: 1, when: 0 }));
    writeFileSync(file('two.shared'), Buffer.concat(blobRows([encodeManifest(manifest), ...chunks.values()])));
    const shared = await merge(file('one.safetensors'), file('two.shared'), '--output', file('shared.safetensors'));
    const direct = await merge(
      file('one.safetensors'),
      file('two.safetensors'),
      '--output',
      file('direct.safetensors'),
    );
    expect(shared.weightsHash).toBe(direct.weightsHash);
  });

  it('reports what a robot learned itself, and whose contributions are merged', async () => {
    await merge(file('one.safetensors'), file('two.safetensors'), '--output', file('both.safetensors'));
    const { code, out } = await topspark('fleet', 'status', file('both.safetensors'), '--json');
    expect(code).toBe(0);
    const { classes, merged } = JSON.parse(out) as FleetStatusResult;
    expect(classes.map(({ name }) => name)).toEqual(['a']);
    expect(merged.map(({ robot }) => robot)).toContain('two');
  });

  it('writes nothing if everything is refused, and exits with 3', async () => {
    for (const [name, encoding] of Object.entries({ here: 'plain', other: 'change' })) {
      const robot = new TaughtRobot(5).teach('a', 20).classifier.snapshot();
      const sensors = [{ name: 'scan', encoding, inputs: 64 }];
      saveCheckpoint(file(`${name}.safetensors`), { ...robot, meta: { ...robot.meta, sensors } });
    }
    const { code, out } = await topspark(
      ...['fleet', 'merge', file('here.safetensors'), file('other.safetensors')],
      ...['--output', file('none.safetensors')],
    );
    expect(code).toBe(3);
    expect(out).toMatch(/^nothing was merged, and nothing was written\n {2}refused: contribution of other: /);
    expect(existsSync(file('none.safetensors'))).toBe(false);
  });

  it('refuses two files of one robot, and a file that is not a checkpoint', async () => {
    const twice = await topspark(
      'fleet',
      'merge',
      file('one.safetensors'),
      file('one.safetensors'),
      '--output',
      file('x'),
    );
    expect(twice).toMatchObject({ code: 2, err: expect.stringContaining('are both of a robot one') as string });
    writeFileSync(file('torn.shared'), Buffer.from([9, 0, 0, 0, 1]));
    const torn = await topspark('fleet', 'merge', file('one.safetensors'), file('torn.shared'), '--output', file('x'));
    expect(torn).toMatchObject({ code: 3, err: expect.stringContaining('torn.shared holds nothing whole') as string });
    expect(existsSync(file('x'))).toBe(false);
  });
});
