import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valkeyServer } from '../../scripts/testing/valkey.mjs';
import { Valkey } from '../../lab/test/training/valkey.js';
import { saveCheckpoint } from '../../src/checkpoint/checkpoint-file.js';
import type { FleetMergeResult } from '../../src/cli/fleet-command.js';
import type { FleetPullResult, FleetPushResult } from '../../src/cli/fleet-server-commands.js';
import { TaughtRobot } from '../fleet/taught-robot.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const server = await valkeyServer();
const folder = mkdtempSync(join(tmpdir(), 'topspark-fleet-'));
const file = (name: string): string => join(folder, name);
let valkey: Valkey;

function topspark(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'fleet', ...args, '--json'], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const there = (): string[] => ['--server', `redis://127.0.0.1:${valkey.port}`, '--fleet', 'yard'];

async function run<T>(...args: string[]): Promise<T> {
  const { code, out, err } = await topspark(...args);
  expect(code, err).toBe(0);
  return JSON.parse(out) as T;
}

describe.skipIf(server === undefined)('topspark fleet push and pull', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    valkey = await Valkey.start(String(server));
    for (const [k, kind] of ['a', 'b', 'c'].entries()) {
      saveCheckpoint(file(`robot${k + 1}.safetensors`), new TaughtRobot(k + 1).teach(kind, 60).classifier.snapshot());
    }
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await valkey.remove();
  });

  it('merges to the same weights as the checkpoint files', async () => {
    const [one, two, three] = [1, 2, 3].map((k) => file(`robot${k}.safetensors`));
    for (const path of [one, two, three]) {
      const pushed = await run<FleetPushResult>('push', path, ...there());
      expect(pushed.there).toBe(0);
      expect(pushed.bytes).toBeGreaterThan(1000);
    }
    const { robots } = await run<FleetPullResult>('pull', file('shared'), ...there(), '--robot', 'robot1');
    expect(robots.map(({ robot }) => robot)).toEqual(['robot2', 'robot3']);
    expect(readdirSync(file('shared')).sort()).toEqual(['robot2.shared', 'robot3.shared']);
    const shared = ['robot2', 'robot3'].map((robot) => join(file('shared'), `${robot}.shared`));
    const pulled = await run<FleetMergeResult>('merge', one, ...shared, '--output', file('pulled.safetensors'));
    const direct = await run<FleetMergeResult>('merge', one, two, three, '--output', file('direct.safetensors'));
    expect(pulled.weightsHash).toBe(direct.weightsHash);
    expect(pulled.classes).toEqual(['a', 'b', 'c']);
  });

  it('sends and fetches only what is new', async () => {
    const { bytes, blobs } = await run<FleetPushResult>('push', file('robot2.safetensors'), ...there());
    // The chunks are the same, the manifest has another version.
    expect(blobs).toBe(1);
    const { robots } = await run<FleetPullResult>('pull', file('shared'), ...there(), '--robot', 'robot1');
    expect(robots.map((each) => each.bytes)).toEqual([bytes, 0]);
  });

  it('refuses in one sentence an absent server, an invalid name and an empty fleet', async () => {
    const away = await topspark('pull', file('away'), '--server', 'redis://127.0.0.1:1', '--fleet', 'yard');
    expect(away.code).not.toBe(0);
    expect(away.err).toContain('the server of the fleet redis://127.0.0.1:1 does not answer');
    const named = await topspark('push', file('robot1.safetensors'), ...there(), '--robot', 'a b');
    expect(named.err).toContain('--robot is "a b", expected a letter');
    const [server, address] = there();
    expect(await run<FleetPullResult>('pull', file('empty'), server, address, '--fleet', 'other')).toMatchObject({
      robots: [],
    });
  });
});
