import { describe, expect, it } from 'vitest';
import { fleetLaser, laserDrives } from '../../src/bench/fleet-laser.js';
import { fleetScales } from '../../src/bench/fleet-scale.js';

describe('fleetScales', () => {
  it('counts the bytes that each robot fetches, and bounds the time by its rate', () => {
    const rate = 8000;
    const bytes = 80_000;
    const [two, ten, hundred] = fleetScales([2, 10, 100], { bytes, rate });
    expect(two).toMatchObject({ robots: 2, bytes, subnet: bytes / rate, kept: 4 * bytes });
    expect(two.server).toBe((2 * bytes) / rate);
    expect(ten.bytes).toBe(9 * bytes);
    // No robot receives faster than its rate, and busy senders make it wait a little.
    expect(ten.subnet).toBeGreaterThanOrEqual((9 * bytes) / rate);
    expect(ten.subnet).toBeLessThan((1.3 * 9 * bytes) / rate);
    expect(hundred.subnet).toBeNull();
  });
});

describe('fleetLaser', () => {
  it('gives the same results for the same seed', () => {
    const options = { seed: 3, neurons: 100, duration: 40, labels: 1 };
    let drives = 0;
    const result = fleetLaser(options, () => drives++);
    expect(drives).toBe(laserDrives);
    expect(result.same).toBeGreaterThan(0);
    for (const recall of Object.values(result)) expect(recall).toBeLessThanOrEqual(1);
    expect(fleetLaser(options, () => undefined)).toEqual(result);
  });
});
