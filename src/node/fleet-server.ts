import { isIP } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { reasonOf, TopsparkError } from '../base/errors.js';
import { chunkHash, mostManifestBytes, readManifest } from '../fleet/manifest.js';
import { mostPieceBytes, type PieceAnswer, type PieceRequest, type PieceSource } from '../fleet/pieces.js';
import { fleetNamePattern, type Offer } from '../fleet/reception.js';
import { offerOf, type Shared } from '../fleet/shelf.js';
import { checkServer } from './fleet-parameters.js';
import type { ServerReport } from './fleet.js';

// A Valkey or Redis server holds what robots of many sites share. All values are strings, read only by GETRANGE and
// STRLEN, so nobody with write access can make a robot read more than it asks for.
//   topspark:FLEET:robots            names of its robots, one per line; only appended to
//   topspark:FLEET:news              counter that grows with everything new
//   topspark:FLEET:ROBOT:offer       the robot's offer, as JSON; set when everything in it is there
//   topspark:FLEET:ROBOT:before      SHA-256 of the manifest before; its chunks stay for robots that are fetching them
//   topspark:FLEET:ROBOT:blob:HASH   a manifest or a chunk
// A robot writes to keys with its own name, to the list and to the counter, and reads all keys of its fleet. An ACL can
// enforce that.

/** The client, which is installed by name: a robot without a server does not need it. */
export const serverClient = 'ioredis@6.0.0';

/** Not a literal: compiling must not need the package. */
const clientName = 'ioredis' as string;

/** After this silence the connection is closed and opened again [ms]. */
const patience = 10_000;

/** Longest list of names, and longest offer, to read [byte]. */
const [mostNames, mostOffer] = [16_384, 1024];

/** Commands under way at once. */
const batch = 64;

/** The used part of the client. */
interface Client {
  readonly status: string;
  connect(): Promise<void>;
  disconnect(reconnect?: boolean): void;
  on(event: 'error', hear: (error: Error) => void): void;
  strlen(key: string): Promise<number>;
  getrangeBuffer(key: string, from: number, to: number): Promise<Buffer>;
  set(key: string, value: Uint8Array | string): Promise<unknown>;
  append(key: string, value: string): Promise<unknown>;
  incr(key: string): Promise<unknown>;
  del(...keys: string[]): Promise<unknown>;
}

/** Result of {@link FleetServer.push}. */
export interface Pushed {
  /** Blobs written, and their bytes. */
  readonly blobs: number;
  readonly bytes: number;
  /** Blobs that were there already. */
  readonly there: number;
}

/** The server of a fleet with many sites. It may go away and come back; requests meanwhile are refused at once. */
export class FleetServer {
  readonly #client: Client;
  readonly #fleet: string;
  readonly #address: string;
  #fault = 'not connected yet';

  private constructor(client: Client, fleet: string, address: string) {
    this.#client = client;
    this.#fleet = fleet;
    this.#address = address;
    client.on('error', (error) => {
      this.#fault = error.message === '' ? String((error as NodeJS.ErrnoException).code) : error.message;
    });
    client.connect().catch(() => undefined); // The next request reports it, and it is tried again.
  }

  /**
   * Begins to connect.
   *
   * @param url - as {@link checkServer} expects it. If it has no password, that of TOPSPARK_FLEET_PASSWORD in the
   *   environment is used. The certificates of NODE_EXTRA_CA_CERTS are trusted
   * @throws {@link TopsparkError} `fleet_server`, or `fleet_client` where the client is not installed
   */
  static async open(url: string, fleet: string, env: NodeJS.ProcessEnv): Promise<FleetServer> {
    checkServer(url);
    const { hostname, port, username, password, pathname, protocol, host } = new URL(url);
    const Redis = await clientClass();
    const name = hostname.replace(/^\[(.*)\]$/, '$1');
    const secret = password === '' ? env['TOPSPARK_FLEET_PASSWORD'] : decodeURIComponent(password);
    const client = new Redis({
      host: name,
      port: port === '' ? 6379 : Number(port),
      db: Number(pathname.slice(1)),
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(secret !== undefined && { password: secret }),
      // Certificates are checked against the address as well; only a name may be announced (RFC 6066).
      ...(protocol === 'rediss:' && { tls: isIP(name) === 0 ? { servername: name } : {} }),
      lazyConnect: true,
      connectTimeout: patience,
      commandTimeout: patience,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times: number) => Math.min(250 * times, 10_000),
    });
    return new FleetServer(client, fleet, `${protocol}//${host}${pathname}`);
  }

  /** Its state, in words. */
  get report(): ServerReport {
    const connected = this.#client.status === 'ready';
    return { address: this.#address, state: connected ? 'connected' : `not connected: ${this.#fault}` };
  }

  /**
   * Settles when the connection is open.
   *
   * @throws {@link TopsparkError} `fleet_server` if it is not open within 10 s
   */
  async connected(): Promise<void> {
    for (let waited = 0; waited < patience && this.#client.status !== 'ready'; waited += 50) await after(50);
    if (this.#client.status === 'ready') return;
    const message = `the server of the fleet ${this.#address} does not answer: ${this.#fault}; expected a Valkey or Redis server that lets us in`;
    throw new TopsparkError('fleet_server', 'environment', message);
  }

  /** A text that changes whenever there is something new. @throws {@link TopsparkError} `fleet_server` */
  async news(): Promise<string> {
    return (await this.#range(this.#key('news'), 32)).toString('latin1');
  }

  /** Reads all offers on the server. @throws {@link TopsparkError} `fleet_server` */
  async offers(): Promise<Offer[]> {
    const names = await this.#names();
    const found = await inBatches(names, (robot) => this.#range(this.#key(robot, 'offer'), mostOffer));
    return found.flatMap((text, at) => (text.length === 0 ? [] : [readOffer(text.toString(), names[at])]));
  }

  /** Returns a function that requests pieces of a robot from the server. */
  sourceOf(robot: string): PieceSource {
    return (request) => this.#fetch(robot, request);
  }

  /**
   * Uploads what a robot shares, except blobs that are there already, so that an interrupted push continues. The offer
   * is set last.
   *
   * @param pass - settles when this many bytes may be sent
   * @throws {@link TopsparkError} `fleet_server`
   */
  async push(shared: Shared, pass: (bytes: number) => Promise<void>): Promise<Pushed> {
    const { robot } = shared.manifest;
    const offer = offerOf(shared);
    const blobs = [...shared.chunks, [offer.manifest, shared.bytes] as const];
    const key = (hash: string): string => this.#key(robot, `blob:${hash}`);
    const lengths = await inBatches(blobs, ([hash]) => this.#do((client) => client.strlen(key(hash))));
    const missing = blobs.filter(([, { length }], at) => lengths[at] !== length);
    let bytes = 0;
    for (const [hash, blob] of missing) {
      await pass(blob.length);
      await this.#do((client) => client.set(key(hash), Buffer.from(blob)));
      bytes += blob.length;
    }
    const before = (await this.#range(this.#key(robot, 'offer'), mostOffer)).toString();
    if (before !== JSON.stringify(offer))
      await this.#offer(offer, before === '' ? undefined : readOffer(before, robot), shared);
    return { blobs: missing.length, bytes, there: blobs.length - missing.length };
  }

  /** Disconnects; the content of the server stays as it is. */
  close(): void {
    this.#client.disconnect();
  }

  async #offer(offer: Offer, old: Offer | undefined, shared: Shared): Promise<void> {
    const { robot } = offer;
    if (!(await this.#names()).includes(robot))
      await this.#do((client) => client.append(this.#key('robots'), `${robot}\n`));
    const beforeKey = this.#key(robot, 'before');
    const older = (await this.#range(beforeKey, 64)).toString('latin1');
    await this.#do((client) => client.set(this.#key(robot, 'offer'), JSON.stringify(offer)));
    if (old !== undefined) await this.#do((client) => client.set(beforeKey, old.manifest));
    await this.#do((client) => client.incr(this.#key('news')));
    if (older === '' || older === old?.manifest || older === offer.manifest) return;
    const kept = new Set([
      ...shared.chunks.keys(),
      offer.manifest,
      ...(await this.#listed(robot, old?.manifest ?? '')),
    ]);
    const gone = [...(await this.#listed(robot, older))].filter((hash) => !kept.has(hash));
    await inBatches(gone, (hash) => this.#do((client) => client.del(this.#key(robot, `blob:${hash}`))));
  }

  // The hashes in a manifest on the server, and its own; empty if it is missing or changed.
  async #listed(robot: string, manifest: string): Promise<string[]> {
    const bytes = await this.#range(this.#key(robot, `blob:${manifest}`), mostManifestBytes);
    if (chunkHash(bytes) !== manifest) return [];
    return [manifest, ...readManifest(bytes, { now: Number.MAX_SAFE_INTEGER }).chunks.map(({ hash }) => hash)];
  }

  async #names(): Promise<string[]> {
    const text = (await this.#range(this.#key('robots'), mostNames)).toString('latin1');
    return [...new Set(text.split('\n'))].filter((name) => fleetNamePattern.test(name));
  }

  async #fetch(robot: string, { hashes, offset, mostBytes }: PieceRequest): Promise<PieceAnswer> {
    const keys = hashes.map((hash) => this.#key(robot, `blob:${hash}`));
    const all = await inBatches(keys, (key) => this.#do((client) => client.strlen(key)));
    if (all[0] === 0) return { kind: 'gone' };
    let room = Math.min(mostBytes, mostPieceBytes);
    const asked: { readonly key: string; readonly from: number; readonly bytes: number }[] = [];
    for (const [at, key] of keys.entries()) {
      if (room === 0 || all[at] === 0) break;
      const from = at === 0 ? offset : 0;
      const bytes = Math.min(room, all[at] - from);
      if (bytes <= 0) break;
      asked.push({ key, from, bytes });
      room -= bytes;
    }
    const parts = await inBatches(asked, ({ key, from, bytes }) =>
      this.#do((client) => client.getrangeBuffer(key, from, from + bytes - 1)),
    );
    return { kind: 'sent', lengths: all.slice(0, asked.length), data: Buffer.concat(parts) };
  }

  #range(key: string, most: number): Promise<Buffer> {
    return this.#do((client) => client.getrangeBuffer(key, 0, most - 1));
  }

  #key(...parts: string[]): string {
    return ['topspark', this.#fleet, ...parts].join(':');
  }

  async #do<T>(command: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await command(this.#client);
    } catch (cause) {
      const reason = reasonOf(cause);
      // Only a missing answer shows that a connection is dead.
      if (reason.includes('timed out')) this.#client.disconnect(true);
      const fault = this.#client.status === 'ready' ? reason : this.#fault;
      const message = `the server of the fleet ${this.#address} does not answer: ${fault}; expected a Valkey or Redis server that lets us in; it is tried again`;
      throw new TopsparkError('fleet_server', 'environment', message, { cause });
    }
  }
}

async function clientClass(): Promise<new (options: object) => Client> {
  try {
    const { Redis } = (await import(clientName)) as { readonly Redis: new (options: object) => Client };
    return Redis;
  } catch (cause) {
    const found = `fleet.server needs the package ioredis, which is not installed`;
    const message = `${found}: npm install ${serverClient} beside topspark (2 MB); see docs/fleet.md`;
    throw new TopsparkError('fleet_client', 'environment', message, { cause });
  }
}

// The receiver checks the content; the name comes from the key.
function readOffer(text: string, robot: string): Offer {
  let found: Partial<Record<keyof Offer, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) found = parsed;
  } catch {
    // All its fields are invalid.
  }
  const count = (value: unknown): number => (typeof value === 'number' ? value : NaN);
  return {
    robot,
    version: count(found.version),
    manifest: typeof found.manifest === 'string' ? found.manifest : '',
    manifestBytes: count(found.manifestBytes),
    chunks: count(found.chunks),
    bytes: count(found.bytes),
  };
}

async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += batch) {
    results.push(...(await Promise.all(items.slice(at, at + batch).map(work))));
  }
  return results;
}
