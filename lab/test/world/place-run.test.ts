import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BagReader } from '../../../src/bag/bag-reader.js';
import { leanPoint } from '../../../src/timestep/policy/lean-policy.js';
import { placeRun } from '../../src/world/place-run.js';
import { Drain } from '../../src/world/drain.js';
import { writeWorldBag } from '../../src/world/world-bag.js';

const options = { seed: 1, neurons: 400, point: leanPoint(400), duration: 150, rate: 10, labels: 0.2 };
const silent = (): void => undefined;

describe('placeRun', () => {
  it('learns the same from the same drive, and its checkpoint helps another robot', { timeout: 30_000 }, () => {
    const first = placeRun(options, silent);
    const { samples, recall, meanTimesteps, shares, weightsHash, refused } = first.result;
    expect(samples).toBe(1500);
    expect(refused).toBe(0);
    expect(meanTimesteps).toBe(35);
    expect(Object.values(shares).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    // Four kinds of places: chance is 25 %.
    expect(recall).toBeGreaterThan(0.7);
    expect(placeRun(options, silent).result.weightsHash).toBe(weightsHash);

    const second = { ...options, seed: 2, labels: options.labels / 4 };
    const started = placeRun({ ...second, start: first.snapshot }, silent).result;
    const anew = placeRun(second, silent).result;
    expect(started.labelled).toBe(anew.labelled);
    expect(started.recallByFifth[0]).toBeGreaterThan(anew.recallByFifth[0] + 0.1);
  });

  it('labels as many samples as its recording has labels', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'topspark-world-'));
    const path = join(folder, 'drive.mcap');
    await writeWorldBag(path, { ...options, duration: 20 }, silent);
    const bag = await BagReader.open(path);
    const messages = [...bag.messages()];
    bag.close();
    rmSync(folder, { recursive: true });
    const count = (topic: string): number => messages.filter(({ channel }) => channel.topic === topic).length;
    expect(bag.problems).toEqual([]);
    expect([count('/scan'), count('/odom'), count('/battery_state')]).toEqual([200, 200, 20]);
    const labelled = placeRun({ ...options, duration: 20 }, silent).result.labelled;
    expect(count('/label')).toBe(labelled);
  });
});

describe('writeWorldBag', () => {
  it('writes the same file for the same seed, and another one for another seed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'topspark-world-'));
    const record = async (name: string, seed: number): Promise<Buffer> => {
      await writeWorldBag(join(folder, name), { ...options, seed, duration: 5 }, silent);
      return readFileSync(join(folder, name));
    };
    const [first, again, other] = [await record('a', 1), await record('b', 1), await record('c', 2)];
    rmSync(folder, { recursive: true });
    expect(again.equals(first)).toBe(true);
    expect(other.equals(first)).toBe(false);
  });
});

describe('Drain', () => {
  it('counts the energy of standing, driving, turning and the agent', () => {
    const drain = new Drain(1000);
    const still = { speed: 0, turn: 0 };
    expect(drain.use(1, still, 0)).toBe(8);
    expect(drain.use(2, { speed: 0.5, turn: -1 }, 4)).toBeCloseTo(8 + 7 + 3 + 2, 12);
    expect(drain.charge).toBeCloseTo(1 - 0.048, 12);
    drain.use(1, still, 1e9);
    expect(drain.charge).toBe(0);
  });
});
