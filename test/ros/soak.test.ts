import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RosSoakResult } from '../../src/cli/bench/soak/over-ros.js';
import { claimDomain, type ClaimedDomain } from './support/claim-domain.js';

const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
let domain: ClaimedDomain;

beforeAll(async () => {
  domain = await claimDomain();
});
afterAll(() => domain.release());

it(
  'a short life of the whole node decides all that it takes, and leaves nothing open',
  { timeout: 90_000 },
  async () => {
    const env = { ...process.env, ROS_DOMAIN_ID: String(domain.id), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    const args = [main, 'bench', 'soak', '--ros', '--samples', '1000', '--rate', '200', '--json'];
    const out = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr, { cause: error }));
        else resolve(stdout);
      });
    });
    const result = JSON.parse(out) as RosSoakResult;
    expect(result.taken).toBeGreaterThan(0);
    expect(result.taken).toBeLessThanOrEqual(result.sent);
    expect(result.decided).toBe(result.taken);
    expect(result.left).toEqual({ subscriptions: 0, publishers: 0, services: 0, timers: 0 });
    expect(result.timersLeft).toBe(0);
  },
);
