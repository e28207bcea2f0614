import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OverloadResult } from '../../src/cli/bench/overload/run.js';
import { claimDomain, type ClaimedDomain } from './support/claim-domain.js';

const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
let domain: ClaimedDomain;

beforeAll(async () => {
  domain = await claimDomain();
});
afterAll(() => domain.release());

it(
  'topspark bench overload accounts for every image that was taken, and for the answers',
  { timeout: 60_000 },
  async () => {
    const env = { ...process.env, ROS_DOMAIN_ID: String(domain.id), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    const args = [main, 'bench', 'overload', '--neurons', '3000', '--seconds', '1', '--json'];
    const out = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr, { cause: error }));
        else resolve(stdout);
      });
    });
    const result = JSON.parse(out) as OverloadResult;
    expect(result).toMatchObject({ policy: 'rate', neurons: 3000, timesteps: 350, factor: 5, seconds: 1 });
    expect(result.decided).toBeGreaterThan(0);
    expect(result.taken).toBeLessThanOrEqual(result.sent + 1);
    expect(Math.abs(result.taken - result.decided - result.busy)).toBeLessThanOrEqual(2);
    expect(result.latency.max).toBeGreaterThan(0);
    for (const { count, p50, max } of [result.idleAnswer, result.answer]) {
      expect(count).toBeGreaterThan(0);
      expect(p50).toBeLessThanOrEqual(max);
    }
  },
);
