import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RefusalEvent } from '../../src/base/refusal.js';
import { monotonic } from '../../src/base/time.js';
import { TopsparkError } from '../../src/base/errors.js';
import { TokenBucket } from '../../src/base/token-bucket.js';
import type { PieceAnswer, PieceRequest, PieceSource } from '../../src/fleet/pieces.js';
import { Shelf, type Shared } from '../../src/fleet/shelf.js';
import { FleetExchange, mostMembers } from '../../src/node/fleet-exchange.js';
import { FleetFolder } from '../../src/node/fleet-folder.js';
import { hashesOf, offerBy, taughtBy } from '../fleet/robots.js';

const made: string[] = [];
const open: FleetExchange[] = [];
const folders: FleetFolder[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) each.close();
  // A file may still be written.
  for (const each of folders.splice(0)) await each.idle;
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'topspark-fleet-'));
  made.push(path);
  return path;
};

/** A receiving robot, with its refusals and arrivals. */
function receiver(directory: string, rate = 1e9, mostBytes = 2 ** 26) {
  const refused: RefusalEvent[] = [];
  const arrived: string[] = [];
  const refuse = (event: RefusalEvent): void => {
    refused.push(event);
  };
  const trust = (): { now: number } => ({ now: Date.now() / 1000 });
  const kept = new FleetFolder(directory, trust, refuse);
  folders.push(kept);
  const exchange = new FleetExchange({
    ...{ robot: 'me', folder: kept, rate: new TokenBucket(rate, 16_384, monotonic()), pieceBytes: 4096, mostBytes },
    ...{ trust, time: monotonic, refuse },
    arrived: (robot, version) => {
      arrived.push(`${robot} ${version}`);
    },
  });
  open.push(exchange);
  return { exchange, kept, refused, arrived };
}

/** A sharing robot, with the hashes requested from it. */
function sender(...versions: readonly Shared[]): {
  source: PieceSource;
  asked: string[];
  answer: (request: PieceRequest) => PieceAnswer;
} {
  const shelf = new Shelf(new TokenBucket(1e9, 1e9, 0));
  for (const shared of versions) shelf.put(shared);
  const asked: string[] = [];
  const answer = (request: PieceRequest): PieceAnswer => {
    asked.push(...request.hashes);
    return shelf.answer(request, 0);
  };
  return { asked, answer, source: async (request) => Promise.resolve(answer(request)) };
}

const soon = { timeout: 20_000, interval: 5 };

describe('FleetExchange', () => {
  const shared = taughtBy('robot1', 5, 30);

  it('fetches and stores an offer, and fetches nothing of it after a restart', async () => {
    const directory = folder();
    const { exchange, kept, arrived, refused } = receiver(directory);
    exchange.hear(offerBy(shared), 'ros', sender(shared).source);
    await vi.waitUntil(() => arrived.length > 0, soon);
    expect(arrived).toEqual(['robot1 5']);
    expect(hashesOf(kept.contributions.of('robot1')?.chunks)).toEqual(hashesOf(shared.chunks));
    await kept.idle;
    expect(readdirSync(directory)).toEqual(['robot1.shared']);
    const again = receiver(directory);
    const { source, asked } = sender(shared);
    again.exchange.hear(offerBy(shared), 'ros', source);
    await after(50);
    expect(asked).toEqual([]);
    expect(again.exchange.members).toMatchObject([{ robot: 'robot1', held: 5, chunksHeld: 31, note: '' }]);
    expect([refused, again.refused]).toEqual([[], []]);
  });

  it('resumes after a kill, and fetches nothing twice', async () => {
    const directory = folder();
    const before = receiver(directory);
    const one = sender(shared);
    let left = 6;
    before.exchange.hear(offerBy(shared), 'ros', async (request) => {
      if (left-- > 0) return one.source(request);
      return new Promise(() => undefined);
    });
    await vi.waitUntil(() => left < 0, soon);
    await before.kept.idle;
    before.exchange.close();
    // As after a power cut during a write.
    const part = join(directory, 'robot1.part');
    const { length } = readFileSync(part);
    truncateSync(part, length - 5);
    const later = receiver(directory);
    const two = sender(shared);
    later.exchange.hear(offerBy(shared), 'ros', two.source);
    await vi.waitUntil(() => later.arrived.length > 0, soon);
    expect(hashesOf(later.kept.contributions.of('robot1')?.chunks)).toEqual(hashesOf(shared.chunks));
    expect(later.exchange.received).toBeLessThan(shared.bytes.length + 31 * 900 - 2 * 4096);
    await later.kept.idle;
    expect(existsSync(part)).toBe(false);
  });

  it('fetches only the new chunks of a newer version', async () => {
    const { exchange, arrived, kept } = receiver(folder());
    exchange.hear(offerBy(shared), 'ros', sender(shared).source);
    await vi.waitUntil(() => arrived.length === 1, soon);
    const before = exchange.received;
    const newer = taughtBy('robot1', 6, 32);
    exchange.hear(offerBy(newer), 'ros', sender(shared, newer).source);
    await vi.waitUntil(() => arrived.length === 2, soon);
    expect(kept.contributions.of('robot1')?.manifest.version).toBe(6);
    expect(exchange.received - before).toBeLessThan(newer.bytes.length + 3 * 900);
  });

  it('continues over another way if one is silent, and reports it', async () => {
    const { exchange, arrived, refused } = receiver(folder());
    const gone: PieceSource = () => Promise.reject(new TopsparkError('fleet_silent', 'environment', 'nobody is there'));
    exchange.hear(offerBy(shared), 'ros', gone);
    exchange.hear(offerBy(shared), 'server', sender(shared).source);
    await vi.waitUntil(() => arrived.length === 1, soon);
    expect(refused.map(({ cause }) => cause)).toEqual(['fleet_silent']);
  });

  it('fetches no faster than its rate', async () => {
    const { exchange } = receiver(folder(), 20_000);
    const many = taughtBy('robot1', 5, 200);
    const start = monotonic();
    exchange.hear(offerBy(many), 'ros', sender(many).source);
    await after(1500);
    const bytes = exchange.received;
    expect(bytes).toBeLessThan(16_384 + 20_000 * (monotonic() - start) + 4096 + 600);
    expect(bytes).toBeGreaterThan(20_000);
  });

  it('reports wrong pieces, gives up the offer, and accepts the next version', async () => {
    const { exchange, refused, arrived } = receiver(folder());
    const { answer } = sender(shared);
    exchange.hear(offerBy(shared), 'ros', (request) => {
      const right = answer(request);
      if (right.kind !== 'sent' || request.hashes[0] === offerBy(shared).manifest) return Promise.resolve(right);
      return Promise.resolve({ ...right, data: right.data.map((byte) => byte ^ 1) });
    });
    await vi.waitUntil(() => refused.length === 3, soon);
    expect(refused.map(({ cause }) => cause)).toEqual(['fleet_chunk', 'fleet_chunk', 'fleet_chunk']);
    expect(exchange.members[0].note).toContain('its offer is given up');
    const newer = taughtBy('robot1', 6, 3);
    exchange.hear(offerBy(newer), 'ros', sender(newer).source);
    await vi.waitUntil(() => arrived.length === 1, soon);
  }, 30_000);

  it('accepts no more robots and bytes than its limits', () => {
    const { exchange, refused } = receiver(folder(), 1e9, 20_000);
    const never: PieceSource = () => new Promise(() => undefined);
    exchange.hear(offerBy(taughtBy('large', 1, 40)), 'ros', never);
    expect(refused.at(-1)).toMatchObject({ cause: 'fleet_full' });
    expect(refused.at(-1)?.message).toMatch(/are more than fleet.max_bytes = 20000; nothing is fetched/);
    const small = offerBy(taughtBy('r', 1, 1));
    for (let k = 0; k <= mostMembers; k++) exchange.hear({ ...small, robot: `r${k}` }, 'ros', never);
    expect(exchange.members).toHaveLength(mostMembers);
    expect(refused.at(-1)?.message).toContain('divide the fleet');
    exchange.hear({ ...small, robot: '../x', chunks: 1e6 }, 'ros', never);
    expect(refused.at(-1)).toMatchObject({ cause: 'fleet_offer' });
  });

  it('refuses a forgotten robot, also after a restart', async () => {
    const directory = folder();
    const { exchange, kept, arrived } = receiver(directory);
    exchange.hear(offerBy(shared), 'ros', sender(shared).source);
    await vi.waitUntil(() => arrived.length === 1, soon);
    await kept.forget('robot1');
    exchange.drop('robot1');
    expect(readdirSync(directory)).toEqual(['refused.txt']);
    const again = receiver(directory);
    again.exchange.hear(offerBy(taughtBy('robot1', 9, 2)), 'ros', sender(shared).source);
    expect(again.exchange.members).toEqual([]);
  });

  it('removes a damaged file, reports it, and fetches that robot again', async () => {
    const directory = folder();
    writeFileSync(join(directory, 'robot1.shared'), Buffer.from('nonsense of some length'));
    const { exchange, refused, arrived } = receiver(directory);
    expect(refused[0].message).toMatch(/robot1.shared is of no use and is removed: .* is fetched again/);
    exchange.hear(offerBy(shared), 'ros', sender(shared).source);
    await vi.waitUntil(() => arrived.length === 1, soon);
  });
});
