import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { createServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Redis } from 'ioredis';
import { valkeyServer } from '../../scripts/testing/valkey.mjs';
import { Valkey } from '../../lab/test/training/valkey.js';
import { monotonic } from '../../src/base/time.js';
import { TokenBucket } from '../../src/base/token-bucket.js';
import { Shelf, type Shared } from '../../src/fleet/shelf.js';
import { FleetExchange } from '../../src/node/fleet-exchange.js';
import { FleetFolder } from '../../src/node/fleet-folder.js';
import { FleetServer } from '../../src/node/fleet-server.js';
import { FleetServerLink, type ServedFleet } from '../../src/node/fleet-server-link.js';
import { saveCheckpoint } from '../../src/checkpoint/checkpoint-file.js';
import { hashesOf, taughtBy } from '../fleet/robots.js';
import { TaughtRobot } from '../fleet/taught-robot.js';
import { CutLine } from './cut-line.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const server = await valkeyServer();
/** [byte/s] */
const rate = 20_000;
const pieceBytes = 4096;
const folder = mkdtempSync(join(tmpdir(), 'topspark-cut-'));
let valkey: Valkey;

/** A robot behind a line of its own, with the part of a node that exchanges contributions by a server. */
function robotOn(line: CutLine, robot: string, shared?: Shared) {
  const settings: ServedFleet['settings'] = {
    ...{ name: 'yard', robot, role: 'both', shares: true, receives: true, rate, burst: 16_384 },
    ...{ mostBytes: 2 ** 26, shareEvery: 1, merge: 'asked', weights: '', server: `redis://127.0.0.1:${line.port}` },
  };
  const arrived: string[] = [];
  const refused: string[] = [];
  const refuse: ServedFleet['refuse'] = ({ cause }) => void refused.push(cause);
  const trust = (): { now: number } => ({ now: Date.now() / 1000 });
  const kept = new FleetFolder(join(folder, robot), trust, refuse);
  const exchange = new FleetExchange({
    ...{ robot, folder: kept, rate: new TokenBucket(rate, 16_384, monotonic()), pieceBytes, mostBytes: 2 ** 26 },
    ...{ trust, time: monotonic, refuse, arrived: (from) => void arrived.push(from) },
  });
  const sendRate = new TokenBucket(rate, 16_384, monotonic());
  const shelf = new Shelf(sendRate);
  if (shared !== undefined) shelf.put(shared);
  const fleet: ServedFleet = {
    ...{ settings, shelf, sendRate, refuse, time: monotonic, onShared: [], server: undefined, sentToServer: 0 },
    hear: (offer, way, source) => {
      exchange.hear(offer, way, source);
    },
  };
  const link = new FleetServerLink(fleet);
  const close = async (): Promise<void> => {
    link.close();
    exchange.close();
    await kept.idle;
    line.close();
  };
  return { arrived, refused, kept, fleet, exchange, close };
}

/** Number of values that were written to a server. */
async function writesTo({ port }: Valkey): Promise<number> {
  const admin = new Redis(port, '127.0.0.1');
  const stats = await admin.info('commandstats');
  admin.disconnect();
  return Number(/cmdstat_set:calls=(\d+)/.exec(stats)?.[1]);
}

const bytesOf = ({ bytes, chunks }: Shared): number =>
  bytes.length + [...chunks.values()].reduce((sum, { length }) => sum + length, 0);

describe.skipIf(server === undefined)('a fleet with a server', { timeout: 400_000 }, () => {
  beforeAll(async () => {
    valkey = await Valkey.start(String(server));
  });
  afterAll(async () => {
    await valkey.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('resumes both ways after a minute without a network, and sends nothing twice', async () => {
    const [mine, theirs] = [taughtBy('robot1', 1, 400), taughtBy('robot2', 1, 400, 5000)];
    const before = await FleetServer.open(valkey.url, 'yard', {});
    await before.connected();
    await before.push(theirs, async () => Promise.resolve());
    const line = await CutLine.open(valkey.port);
    const one = robotOn(line, 'robot1', mine);
    // It sends and fetches when the network goes away.
    const waiting = { timeout: 60_000, interval: 20 };
    await vi.waitUntil(() => one.fleet.sentToServer > bytesOf(mine) / 3, waiting);
    await vi.waitUntil(() => one.exchange.received > 20_000, waiting);
    line.stall();
    const [up, down] = [line.up, line.down];
    await after(60_000);
    expect([line.up, line.down]).toEqual([up, down]);
    expect(one.arrived).toEqual([]);
    expect(one.refused).toContain('fleet_server');
    line.mend();
    await vi.waitUntil(() => one.arrived.length > 0, { timeout: 180_000, interval: 50 });
    expect(hashesOf(one.kept.contributions.of('robot2')?.chunks)).toEqual(hashesOf(theirs.chunks));
    await vi.waitUntil(async () => (await before.offers()).some(({ robot }) => robot === 'robot1'), {
      timeout: 180_000,
      interval: 500,
    });
    // A message that had no answer when the network went is sent or asked for again, no other.
    expect(one.fleet.sentToServer).toBeLessThan(bytesOf(mine) + 2 * 1000);
    expect(one.exchange.received).toBeLessThan(bytesOf(theirs) + 2 * pieceBytes);
    const writes = [mine, theirs].reduce((sum, { chunks }) => sum + chunks.size + 2, 0);
    expect(await writesTo(valkey)).toBeLessThanOrEqual(writes + 1);
    expect(line.down).toBeLessThan(1.4 * bytesOf(theirs));
    const other = robotOn(await CutLine.open(valkey.port), 'robot3');
    await vi.waitUntil(() => other.arrived.length > 1, { timeout: 120_000, interval: 50 });
    expect(hashesOf(other.kept.contributions.of('robot1')?.chunks)).toEqual(hashesOf(mine.chunks));
    await one.close();
    await other.close();
    before.close();
  });

  it('connects over TLS only to a server whose certificate is trusted', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '1'];
    execFileSync('openssl', [...request, ...subject], { stdio: 'ignore' });
    // The binary of the tests has no TLS: a proxy ends it before the server, as stunnel does.
    const proxy = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
      const inner = connect(valkey.port, '127.0.0.1');
      socket.pipe(inner).pipe(socket);
      for (const end of [socket, inner]) end.on('error', () => socket.destroy());
    });
    proxy.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const port = (proxy.address() as AddressInfo).port;
    const robot = join(folder, 'robot1.safetensors');
    saveCheckpoint(robot, new TaughtRobot(1).teach('a', 60).classifier.snapshot());
    const push = (host: string, env: NodeJS.ProcessEnv): Promise<{ readonly code: number; readonly err: string }> =>
      new Promise((resolve) => {
        const server = ['--server', `rediss://${host}:${port}`, '--fleet', 'six'];
        execFile(process.execPath, [main, 'fleet', 'push', robot, ...server], { env }, (error, _out, err) => {
          resolve({ code: error === null ? 0 : Number(error.code), err });
        });
      });
    const distrusting = await push('localhost', process.env);
    expect(distrusting.code).not.toBe(0);
    expect(distrusting.err).toContain('self-signed certificate');
    const trusted = { ...process.env, NODE_EXTRA_CA_CERTS: cert };
    for (const host of ['localhost', '127.0.0.1']) {
      const { code, err } = await push(host, trusted);
      expect(code, err).toBe(0);
      expect(err).not.toContain('Warning');
    }
    const look = await FleetServer.open(valkey.url, 'six', {});
    await look.connected();
    const offers = await look.offers();
    expect(offers.map(({ robot: name }) => name)).toEqual(['robot1']);
    look.close();
    proxy.close();
  });
});
