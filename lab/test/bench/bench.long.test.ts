import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { imageFormats } from 'topspark/sensing/image/image-frame.js';
import { jetson, rapl, SysfsTree } from '../../../test/energy/sysfs-tree.js';
import type { EnergyBenchResult } from '../../src/bench/energy.js';
import type { FleetBenchResult } from '../../src/bench/fleet-bench.js';
import type { EngineBenchResult } from '../../src/bench/engine/measure.js';

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** Runs the built command as a user does. */
function bench(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'bench', ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe('topspark bench', () => {
  it('refuses an unknown option of a benchmark as a usage error', async () => {
    const { code, out, err } = await bench('ros', '--speed', '9');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain("unknown option '--speed'");
  });
});

describe('topspark bench pictures', () => {
  it('measures an image of every encoding against rgb8', async () => {
    const { code, out } = await bench('pictures', '--width', '40', '--height', '30', '--rounds', '1', '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(out) as { encoding: string; microseconds: number; besideRgb8: number }[];
    expect(rows.map(({ encoding }) => encoding)).toEqual(imageFormats);
    expect(rows.every(({ microseconds }) => microseconds > 0)).toBe(true);
    expect(rows.find(({ encoding }) => encoding === 'rgb8')?.besideRgb8).toBe(1);
  });
});

describe('topspark bench sides', () => {
  it('learns the side of a wall, better if scans are not rotated', { timeout: 120_000 }, async () => {
    const { code, out } = await bench('sides', '--seeds', '1', '--samples', '2000', '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(out) as { ranger: string; way: string; mean: number }[];
    expect(rows).toHaveLength(9);
    const mean = (way: string): number =>
      rows.find((row) => row.ranger === '24 sonars of 5 m' && row.way === way)?.mean ?? NaN;
    expect(mean('with sides')).toBeGreaterThan(mean('turned, the default'));
  });
});

describe('topspark bench fleet', () => {
  it('merges robots with one class each into a network with all classes', async () => {
    const { code, out } = await bench('fleet', '--sets', 'mnist', '--neurons', '100', '--samples', '400', '--json');
    expect(code).toBe(0);
    const { merged, sawAll } = JSON.parse(out) as FleetBenchResult;
    expect(sawAll['mnist']['100']).toBeGreaterThan(0.9);
    expect(merged['mnist']['100']).toBeGreaterThan(sawAll['mnist']['100'] - 0.01);
  });
});

describe('topspark bench energy', () => {
  const quick = ['energy', '--rounds', '1', '--seconds', '0.05', '--json'];
  let tree: SysfsTree | undefined;
  afterEach(() => {
    tree?.remove();
  });

  it('counts and estimates joules without a meter, says so, and exits with 3', async () => {
    tree = new SysfsTree();
    const { code, out, err } = await bench(...quick, '--sysfs', tree.root);
    expect(code).toBe(3);
    expect(err).toContain('no joules were measured: no powercap zones of a processor; no power monitor in hwmon');
    const found = JSON.parse(out) as EnergyBenchResult;
    expect(found).toMatchObject({ measured: null, meter: null, learned: { measured: null } });
    // The front end alone takes 0.035 µJ for a digit. The estimate is for a CPU, which spends far more.
    expect(found.counted).toBeGreaterThan(0.035e-6);
    expect(found.learned.counted).toBeGreaterThan(found.counted);
    expect(found.cpu).toBeGreaterThan(10 * found.counted);
  });

  it('names the simulators that it can compare with', async () => {
    const { code, err } = await bench(...quick, '--peers', 'nest,brian');
    expect(code).toBe(2);
    expect(err).toContain('expected some of bindsnet, bindsnet-v2, brian2, brian2-runtime, nest');
  });

  it('does not use an energy counter that stands still', async () => {
    tree = new SysfsTree(rapl());
    const { code, err } = await bench(...quick, '--sysfs', tree.root);
    expect(code).toBe(3);
    expect(err).toContain('rapl (CPU package-0, dram) stood still');
  });

  it('measures 0 J with a power rail that shows no more than idle power', async () => {
    tree = new SysfsTree(jetson);
    const { code, out } = await bench(...quick, '--sysfs', tree.root);
    expect(code).toBe(0);
    const { measured, meter } = JSON.parse(out) as EnergyBenchResult;
    expect(meter).toMatchObject({ source: 'hwmon', covers: 'rail VDD_IN', idlePower: expect.closeTo(6, 6) as number });
    expect(measured).toBeCloseTo(0, 9);
  });
});

describe('topspark bench engine', () => {
  it('measures everything once, and plots the growth of the cost', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'topspark-'));
    const { code, out, err } = await bench('engine', '--quick', '--json', '--plots', folder);
    const plots = readdirSync(folder).sort();
    rmSync(folder, { recursive: true });
    expect(code).toBe(0);
    expect(err).toContain('growth-neurons.svg');
    expect(plots).toEqual(['events', 'input-rate', 'inputs', 'neurons', 'timesteps'].map((of) => `growth-${of}.svg`));
    const result = JSON.parse(out) as EngineBenchResult;
    expect(result.cells.map(({ name, neurons }) => [name, neurons])).toEqual([
      ['lean, T 35', 100],
      ['in time, T 16', 100],
    ]);
    const times = result.cells.flatMap(({ train, infer }) => [...train.rounds, ...infer.rounds]);
    expect(times).toHaveLength(12);
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(result.growth).toHaveLength(8);
    expect(result.peak.bandwidth.every(({ bytesPerSecond }) => bytesPerSecond > 1e8)).toBe(true);
    expect(result.rooflines.every(({ reached }) => reached > 0 && reached < 1)).toBe(true);
    expect(result.start.firstDecision).toBeGreaterThan(0);
    // The network learned: after 500 samples it answers at least half of the others.
    expect(result.wholeSet).toMatchObject({ learned: 500, decided: 500 });
    expect(result.wholeSet.accuracy).toBeGreaterThan(0.5);
    expect(result.package?.packed).toBeLessThan(2e6);
  });

  it('says how to get a missing data set', async () => {
    const { code, out, err } = await bench('engine', '--dataset', '/nowhere');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('expected');
  });
});
