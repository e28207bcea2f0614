import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Redis } from 'ioredis';
import { valkeyServer } from '../../scripts/testing/valkey.mjs';
import { Valkey } from '../../lab/test/training/valkey.js';
import { Reception } from '../../src/fleet/reception.js';
import type { Shared } from '../../src/fleet/shelf.js';
import { FleetServer } from '../../src/node/fleet-server.js';
import { hashesOf, offerBy, taughtBy } from '../fleet/robots.js';
import { CutLine } from './cut-line.js';

const server = await valkeyServer();
const now = (): { now: number } => ({ now: Date.now() / 1000 });
const free = (): Promise<void> => Promise.resolve();
const soon = { timeout: 20_000, interval: 20 };
const open: { close(): void }[] = [];
let valkey: Valkey;

describe.skipIf(server === undefined)('FleetServer', () => {
  beforeAll(async () => {
    valkey = await Valkey.start(String(server));
  });
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
  });
  afterAll(() => valkey.remove());

  async function client(fleet: string, port = valkey.port): Promise<FleetServer> {
    const found = await FleetServer.open(`redis://127.0.0.1:${port}`, fleet, {});
    open.push(found);
    await vi.waitUntil(() => found.report.state === 'connected', soon);
    return found;
  }

  /** Fetches a robot's contribution from the server, and resumes after a cut connection, as the exchange does. */
  async function pull(from: FleetServer, shared: Shared, pieces = 61_440): Promise<Map<string, Uint8Array>> {
    const { robot } = shared.manifest;
    const offer = (await from.offers()).find((each) => each.robot === robot);
    expect(offer).toEqual(offerBy(shared));
    const reception = new Reception(offer ?? offerBy(shared), () => false, now);
    const got = new Map<string, Uint8Array>();
    for (let request = reception.next(pieces); request !== undefined; request = reception.next(pieces)) {
      try {
        const answer = await from.sourceOf(robot)(request);
        if (answer.kind !== 'sent') throw new Error(answer.kind);
        for (const { hash, bytes } of reception.take(request, answer)) {
          expect(got.has(hash)).toBe(false);
          got.set(hash, bytes);
        }
      } catch {
        await after(50);
      }
    }
    return got;
  }

  it('returns what a robot stored, byte for byte', async () => {
    const shared = taughtBy('robot1', 4, 60);
    const here = await client('one');
    expect(await here.offers()).toEqual([]);
    const before = await here.news();
    expect(await here.push(shared, free)).toMatchObject({ blobs: 62, there: 0 });
    const there = await client('one');
    expect(await there.news()).not.toBe(before);
    expect(hashesOf(await pull(there, shared))).toEqual(hashesOf(shared.chunks));
    expect(await (await client('another')).offers()).toEqual([]);
  });

  it('receives only new chunks, and keeps the previous version but no older one', async () => {
    const here = await client('two');
    const versions = [1, 2, 3].map((version) => taughtBy('robot1', version, 20, version * 1000));
    const source = here.sourceOf('robot1');
    for (const shared of versions) await here.push(shared, free);
    expect(await here.push(versions[2], free)).toEqual({ blobs: 0, bytes: 0, there: 22 });
    const kinds = versions.map(async (shared) => {
      const request = { hashes: [offerBy(shared).manifest], offset: 0, mostBytes: 100 };
      return (await source(request)).kind;
    });
    expect(await Promise.all(kinds)).toEqual(['gone', 'sent', 'sent']);
    const more = taughtBy('robot1', 4, 22, 3000);
    expect(await here.push(more, free)).toMatchObject({ blobs: 3, there: 21 });
  });

  it('resumes after a cut connection in both directions, and sends nothing twice', async () => {
    const line = await CutLine.open(valkey.port);
    open.push(line);
    const shared = taughtBy('robot1', 7, 200);
    const total = shared.bytes.length + [...shared.chunks.values()].reduce((sum, { length }) => sum + length, 0);
    const here = await client('three', line.port);
    const away = async (): Promise<void> => {
      line.cut();
      await expect(here.news()).rejects.toThrow(/the server of the fleet redis:\/\/127.0.0.1:\d+ does not answer/);
      await after(500);
      line.mend();
      await vi.waitUntil(() => here.report.state === 'connected', soon);
    };
    let passed = 0;
    const cutting = async (): Promise<void> => {
      if (++passed === 100) throw new Error('cut');
      return Promise.resolve();
    };
    await expect(here.push(shared, cutting)).rejects.toThrow('cut');
    await away();
    expect(await here.offers()).toEqual([]);
    expect(await here.push(shared, free)).toMatchObject({ there: 99 });
    // Every chunk was sent once, with less than 40 % of overhead.
    expect(line.up).toBeLessThan(1.4 * total);

    line.down = 0;
    const pulling = pull(here, shared, 4096);
    await vi.waitUntil(() => line.down > total / 3, soon);
    await away();
    expect(hashesOf(await pulling)).toEqual(hashesOf(shared.chunks));
    expect(line.down).toBeLessThan(1.2 * total + 2 * 4096);
  });

  it('reads no more than requested, whatever others stored', async () => {
    const mallory = new Redis(valkey.port, '127.0.0.1');
    open.push({
      close: () => {
        mallory.disconnect();
      },
    });
    await mallory.set('topspark:four:robots', `good\n../evil\n${'x'.repeat(5_000_000)}\n`);
    await mallory.set(
      'topspark:four:good:offer',
      JSON.stringify({ version: 4e20, chunks: 1e9, manifest: 'z' }).padEnd(9_000_000),
    );
    await mallory.set('topspark:four:news', 'n'.repeat(3_000_000));
    const hash = 'a'.repeat(64);
    await mallory.set(`topspark:four:good:blob:${hash}`, Buffer.alloc(20_000_000));
    const line = await CutLine.open(valkey.port);
    open.push(line);
    const here = await client('four', line.port);
    await here.news();
    expect(await here.offers()).toMatchObject([{ robot: 'good', manifest: 'z', version: 4e20 }]);
    const answer = await here.sourceOf('good')({ hashes: [hash], offset: 0, mostBytes: 4096 });
    expect(answer).toMatchObject({ kind: 'sent', lengths: [20_000_000], data: { length: 4096 } });
    expect(line.down).toBeLessThan(30_000);
  });

  it('lets a robot write its own keys only, under the access rules of docs/fleet.md', async () => {
    const document = readFileSync(new URL('../../docs/fleet.md', import.meta.url), 'utf8');
    const rule = /^ACL SETUSER robot1 on >… (.*)$/m.exec(document)?.[1] ?? '';
    const admin = new Redis(valkey.port, '127.0.0.1');
    open.push({
      close: () => {
        admin.disconnect();
      },
    });
    for (const robot of ['robot1', 'robot2']) {
      await admin.call('ACL', 'SETUSER', robot, 'on', '>secret', ...rule.replaceAll('robot1', robot).split(' '));
    }
    const known = async (robot: string): Promise<FleetServer> => {
      const found = await FleetServer.open(`redis://${robot}:secret@127.0.0.1:${valkey.port}`, 'yard', {});
      open.push(found);
      await found.connected();
      return found;
    };
    const [one, two] = [await known('robot1'), await known('robot2')];
    const versions = [1, 2, 3].map((version) => taughtBy('robot1', version, 20, version * 1000));
    for (const shared of versions) await one.push(shared, free);
    expect(hashesOf(await pull(two, versions[2]))).toEqual(hashesOf(versions[2].chunks));
    // Another robot, another fleet and the administrator's commands are out of reach.
    await expect(one.push(taughtBy('robot2', 1, 3), free)).rejects.toThrow(/NOPERM|permission/);
    const mallory = new Redis(valkey.port, '127.0.0.1', { username: 'robot1', password: 'secret' });
    open.push({
      close: () => {
        mallory.disconnect();
      },
    });
    await expect(mallory.strlen('topspark:other:robots')).rejects.toThrow(/NOPERM/);
    await expect(mallory.flushall()).rejects.toThrow(/NOPERM/);
    await expect(mallory.keys('*')).rejects.toThrow(/NOPERM/);
  });

  it('says in a sentence that the server cannot be reached, or the address is invalid', async () => {
    const here = await FleetServer.open('redis://127.0.0.1:1', 'five', {});
    open.push(here);
    await expect(here.news()).rejects.toThrow(
      /does not answer: .*; expected a Valkey or Redis server that lets us in; it is tried again/,
    );
    await expect(FleetServer.open('http://secret@x', 'five', {})).rejects.toThrow(
      'the server of the fleet is no address',
    );
  });
});
