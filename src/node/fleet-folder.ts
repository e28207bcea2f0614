import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../base/errors.js';
import { refusal, type RefusalEvent } from '../base/refusal.js';
import { makeFolder, writeDurably } from '../checkpoint/durable-file.js';
import type { Contribution } from '../fleet/contribution.js';
import { blobRows, blobsIn, contributionEnding, contributionIn } from '../fleet/contribution-file.js';
import { Contributions } from '../fleet/contributions.js';
import { chunkHash, encodeManifest, type Manifest, type Trust } from '../fleet/manifest.js';
import type { Blob } from '../fleet/reception.js';
import type { Shared } from '../fleet/shelf.js';

const ownerOnly = 0o600;

/** Name of the folder inside that of the checkpoints. */
export const fleetFolderName = 'fleet';

/** Endings of the files of complete contributions, of the robot's own, and of incomplete ones. */
const endings = { whole: contributionEnding, own: '.own', part: '.part' } as const;

/** File with the names of robots whose contributions are not wanted any more, one per line. */
const refusedFile = 'refused.txt';

/**
 * File with robots and the versions of them that were merged, or refused at a merge, one per line. They are not merged
 * again automatically.
 */
const triedFile = 'tried.txt';

/**
 * Keeps contributions of other robots beside the checkpoints, so that a robot fetches nothing twice, even after a power
 * failure.
 */
export class FleetFolder {
  #contributions = Contributions.none;
  #own: Shared | undefined;
  /** Incomplete contributions by robot: blobs by hash, the manifest first. */
  readonly #parts = new Map<string, Map<string, Uint8Array>>();
  readonly #refused: Set<string>;
  readonly #tried: Map<string, number>;
  /** Writes under way, one after the other. */
  #writing: Promise<void> = Promise.resolve();

  /**
   * @param directory - created with the first file
   * @param trust - returns the robots that are trusted now
   * @param refuse - called for what cannot be read or written; it is fetched again
   */
  constructor(
    readonly directory: string,
    readonly trust: () => Trust,
    readonly refuse: (event: RefusalEvent) => void,
  ) {
    this.#refused = new Set(this.#names().includes(refusedFile) ? linesOf(join(directory, refusedFile)) : []);
    const tried = this.#names().includes(triedFile) ? linesOf(join(directory, triedFile)) : [];
    this.#tried = new Map(
      tried.map((line) => {
        const [robot, version] = line.split(' ');
        return [robot, Number(version)];
      }),
    );
    for (const name of this.#names()) this.#load(name);
  }

  /** The complete contributions that are wanted. */
  get contributions(): Contributions {
    return this.#contributions;
  }

  /** The version that this robot shared last. */
  get own(): Shared | undefined {
    return this.#own;
  }

  /** Whether nothing of that robot is wanted. */
  isRefused(robot: string): boolean {
    return this.#refused.has(robot);
  }

  /** The version of each robot that was merged last, or refused at a merge. */
  get tried(): ReadonlyMap<string, number> {
    return this.#tried;
  }

  /** Notes versions that were merged, or refused at a merge. */
  noteTried(versions: readonly Pick<Manifest, 'robot' | 'version'>[]): void {
    for (const { robot, version } of versions) this.#tried.set(robot, version);
    const lines = [...this.#tried].map(([robot, version]) => `${robot} ${version}\n`);
    const bytes = Buffer.from(lines.join(''));
    this.#write('others', () => writeDurably({ directory: this.directory, name: triedFile }, [bytes]));
  }

  /** A stored manifest or chunk of a robot. */
  blobOf(robot: string, hash: string): Uint8Array | undefined {
    const whole = this.#contributions.all.find(({ manifest }) => manifest.robot === robot);
    return this.#parts.get(robot)?.get(hash) ?? whole?.chunks.get(hash);
  }

  /** Stored bytes of all robots except one. */
  bytesBeside(robot: string): number {
    const whole = this.#contributions.all.filter(({ manifest }) => manifest.robot !== robot);
    const chunks = whole.flatMap(({ manifest }) => manifest.chunks.map(({ bytes }) => bytes));
    const parts = [...this.#parts].flatMap(([name, blobs]) =>
      name === robot ? [] : [...blobs.values()].map(({ length }) => length),
    );
    return [...chunks, ...parts].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Begins a newer manifest of a robot. Of the earlier blobs, only those that it lists are kept. */
  begin({ robot, chunks }: Manifest, bytes: Uint8Array): void {
    const before = this.#parts.get(robot);
    const kept = new Map([[chunkHash(bytes), bytes]]);
    for (const { hash } of chunks) {
      const blob = before?.get(hash);
      if (blob !== undefined) kept.set(hash, blob);
    }
    this.#parts.set(robot, kept);
    const rows = blobRows(kept.values());
    this.#write(robot, () => writeDurably({ directory: this.directory, name: fileOf(robot, 'part') }, rows));
  }

  /** The manifest of an incomplete contribution from before a restart. */
  begunManifest(robot: string): Uint8Array | undefined {
    return this.#parts.get(robot)?.values().next().value;
  }

  /** Stores blobs of a robot, after {@link FleetFolder.begin}. */
  keep(robot: string, blobs: readonly Blob[]): void {
    const kept = this.#parts.get(robot) ?? new Map<string, Uint8Array>();
    this.#parts.set(robot, kept);
    const fresh = blobs.filter(({ hash }) => !kept.has(hash));
    for (const { hash, bytes } of fresh) kept.set(hash, bytes);
    if (fresh.length === 0) return;
    const rows = Buffer.concat(blobRows(fresh.map(({ bytes }) => bytes)));
    this.#write(robot, () => appendFile(this.#path(robot, 'part'), rows, { mode: ownerOnly }));
  }

  /** Stores a complete contribution, which replaces the earlier one of its robot. */
  complete(contribution: Contribution): void {
    const { manifest, chunks } = contribution;
    const { robot } = manifest;
    this.#contributions = this.#contributions.with(contribution);
    this.#parts.delete(robot);
    const rows = blobRows([encodeManifest(manifest), ...chunks.values()]);
    this.#write(robot, async () => {
      await writeDurably({ directory: this.directory, name: fileOf(robot, 'whole') }, rows);
      await rm(this.#path(robot, 'part'), { force: true });
    });
  }

  /** Stores what this robot shares. */
  share(shared: Shared): void {
    this.#own = shared;
    const { robot } = shared.manifest;
    const name = fileOf(robot, 'own');
    const rows = blobRows([shared.bytes, ...shared.chunks.values()]);
    this.#write(robot, () => writeDurably({ directory: this.directory, name }, rows));
  }

  /** Deletes everything of a robot, and accepts nothing more from it. */
  async forget(robot: string): Promise<void> {
    this.#contributions = this.#contributions.without(robot);
    this.#parts.delete(robot);
    this.#refused.add(robot);
    this.#write(robot, async () => {
      const lines = [...this.#refused].map((name) => `${name}\n`);
      await writeDurably({ directory: this.directory, name: refusedFile }, [Buffer.from(lines.join(''))]);
      for (const kind of ['whole', 'part'] as const) await rm(this.#path(robot, kind), { force: true });
    });
    await this.#writing;
  }

  /** Settles when everything is written; never rejects. */
  get idle(): Promise<void> {
    return this.#writing;
  }

  #path(robot: string, kind: keyof typeof endings): string {
    return join(this.directory, fileOf(robot, kind));
  }

  // Writes in order, so that no file is written twice at once.
  #write(robot: string, work: () => Promise<void>): void {
    this.#writing = this.#writing.then(async () => {
      try {
        makeFolder(this.directory);
        await work();
      } catch (error) {
        const found = `what came from ${robot} was not written to ${this.directory}: ${reasonOf(error)}`;
        const message = `${found}; after a restart it is fetched again`;
        this.refuse({ kind: 'refusal', topic: 'fleet', cause: 'fleet_unwritable', message });
      }
    });
  }

  #names(): string[] {
    try {
      return readdirSync(this.directory);
    } catch {
      return []; // Not created yet; any other fault is reported at the first write.
    }
  }

  #load(name: string): void {
    const kind = (Object.keys(endings) as (keyof typeof endings)[]).find((each) => name.endsWith(endings[each]));
    if (kind === undefined || name.startsWith('.')) return;
    const path = join(this.directory, name);
    try {
      const robot = robotOf(name, kind);
      const file = readFileSync(path);
      if (this.#refused.has(robot)) return;
      if (kind === 'part') {
        this.#parts.set(robot, blobsIn(file));
        return;
      }
      const { contribution, bytes } = contributionIn(file, path, this.trust());
      if (kind === 'whole') this.#contributions = this.#contributions.with(contribution);
      else this.#own = { ...contribution, bytes };
    } catch (error) {
      const event = refusal('fleet', error);
      this.refuse({
        ...event,
        message: `${path} is of no use and is removed: ${event.message}; what it held is fetched again`,
      });
      rmSync(path, { force: true });
    }
  }
}

const fileOf = (robot: string, kind: keyof typeof endings): string => `${encodeURIComponent(robot)}${endings[kind]}`;
const robotOf = (name: string, kind: keyof typeof endings): string =>
  decodeURIComponent(name.slice(0, -endings[kind].length));

const linesOf = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
