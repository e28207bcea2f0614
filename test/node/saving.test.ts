import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import type { Copy } from '../../src/base/buffer-pool.js';
import type { Slices } from '../../src/base/slices.js';
import type { Snapshot } from '../../src/base/snapshot.js';
import { CheckpointStore, type StoredCheckpoint } from '../../src/checkpoint/checkpoint-store.js';
import { Checkpoints, restoreNewest } from '../../src/node/checkpoints.js';
import { smallAgent } from '../agent/settings.js';
import { grey } from '../sensing/frames.js';
import { imageMessage } from '../sensing/messages.js';

let folder: string;
let agent: Agent;
let lines: string[];
let time: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-'));
  lines = [];
  time = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const logger = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(line) });
const messages = (): string[] => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

function start(directory: string, interval: number) {
  agent = new Agent(
    smallAgent,
    clockFrom(() => time),
  );
  const store = new CheckpointStore(directory, 3);
  const checkpoints = new Checkpoints(agent, store, interval, 1, () => agent.status().learned, logger, time);
  return { agent, checkpoints, store };
}

let stamp = 0n;
function see(): void {
  stamp++;
  const message = imageMessage(grey(8, 8, (x, y) => (x === Number(stamp % 6n) ? 250 : 5 + ((x * y) % 7))));
  agent.take({ topic: 'sensor', event: { sensor: 'image', stamp, frameId: 'camera', taken: time, message } });
}

describe('a save beside the decisions', () => {
  it('stores the state of its call while the agent continues to learn', async () => {
    const { agent, checkpoints, store } = start(folder, 60);
    for (let k = 0; k < 30; k++) see();
    const then = agent.snapshot().weightsHash;
    checkpoints.saveBeside(time);
    for (let k = 0; k < 30; k++) see();
    await checkpoints.idle;
    expect(store.load('checkpoint-00000001.safetensors').snapshot.weightsHash).toBe(then);
    expect(agent.snapshot().weightsHash).not.toBe(then);
    expect(messages()).toEqual([`saved checkpoint-00000001.safetensors, weights ${then}`]);
    expect(checkpoints.report).toMatchObject({ name: 'checkpoint-00000001.safetensors', fault: undefined });
  });

  it('begins before the interval is over, and only when something was learned', async () => {
    const { checkpoints, store } = start(folder, 10);
    const at = async (now: number): Promise<number> => {
      time = now;
      checkpoints.saveWhenDue(now);
      await checkpoints.idle;
      return store.names().length;
    };
    expect(await at(9.5)).toBe(0);
    see();
    expect(await at(8)).toBe(0);
    expect(await at(9)).toBe(1);
    expect(await at(18.2)).toBe(1);
    see();
    expect(await at(18.5)).toBe(2);
  });

  it('is not started again while it runs; a save at once is newer', async () => {
    const { agent, checkpoints, store } = start(folder, 10);
    see();
    const first = agent.snapshot().weightsHash;
    checkpoints.saveWhenDue(9);
    see();
    checkpoints.saveWhenDue(30);
    checkpoints.trySave(31);
    const last = agent.snapshot().weightsHash;
    await checkpoints.idle;
    expect(store.names()).toEqual(['checkpoint-00000002.safetensors', 'checkpoint-00000001.safetensors']);
    expect(checkpoints.report.name).toBe('checkpoint-00000002.safetensors');
    expect(start(folder, 10).store.load('checkpoint-00000002.safetensors').snapshot.weightsHash).toBe(last);
    expect(start(folder, 10).store.load('checkpoint-00000001.safetensors').snapshot.weightsHash).toBe(first);
  });

  it('copies into reused memory from the first save on: new memory takes twenty times as long', async () => {
    const copies: unknown[] = [];
    class WatchedStore extends CheckpointStore {
      override async saveInTurns(capture: Slices<Snapshot>): Promise<StoredCheckpoint> {
        const stored = await super.saveInTurns(capture);
        copies.push(stored.snapshot.tensors['network.weights'].data);
        return stored;
      }
    }
    agent = new Agent(
      smallAgent,
      clockFrom(() => time),
    );
    const made: unknown[] = [];
    const watched = {
      ...{ snapshot: agent.snapshot.bind(agent), restore: agent.restore.bind(agent) },
      capture: (copy?: Copy): Slices<Snapshot> =>
        agent.capture((name, array) => {
          const data = copy?.(name, array) ?? array.slice();
          if (name === 'network.weights') made.push(data);
          return data as typeof array;
        }),
    };
    const checkpoints = new Checkpoints(watched, new WatchedStore(folder, 3), 60, 1, () => 0, logger, time);
    for (let k = 0; k < 3; k++) {
      checkpoints.saveBeside(time);
      await checkpoints.idle;
    }
    expect(copies).toHaveLength(3);
    for (const copy of copies) expect(copy).toBe(made[0]);
  });

  it('is reported when it cannot be written, and the agent continues', async () => {
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    const { agent, checkpoints } = start(blocked, 10);
    restoreNewest(checkpoints.store, agent.restore.bind(agent), checkpoints.logger);
    see();
    checkpoints.saveBeside(time);
    await checkpoints.idle;
    see();
    checkpoints.trySave(time);
    expect(messages()).toHaveLength(3);
    for (const line of messages()) expect(line).toMatch(/^checkpoint: checkpoint folder .* was not listed: ENOTDIR/);
    expect(checkpoints.report.fault).toMatch(/ENOTDIR/);
    expect(agent.status()).toMatchObject({ decided: 2, learned: 2 });
  });
});
