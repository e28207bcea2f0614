import { quoted } from '../base/quoted.js';
import { TopsparkError } from '../base/errors.js';
import { chunkHash, mostChunks, mostContributionBytes, mostManifestBytes, readManifest } from './manifest.js';
import type { Manifest, Trust } from './manifest.js';
import { mostHashes, partsOf, type PieceAnswer, type PieceRequest } from './pieces.js';

/** The offer of a robot: a summary of what it shares. */
export interface Offer {
  readonly robot: string;
  readonly version: number;
  /** SHA-256 (hex) and length of its manifest [byte]. */
  readonly manifest: string;
  readonly manifestBytes: number;
  /** Chunks in the manifest, and their total length [byte]. */
  readonly chunks: number;
  readonly bytes: number;
}

/** A whole manifest or chunk with the right hash. */
export interface Blob {
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** Names of robots and fleets; they become parts of names in ROS, of files and of keys. */
export const fleetNamePattern = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Number of wrong pieces after which an offer is given up. */
const mostWrong = 3;

/**
 * Checks an offer before anything is requested.
 *
 * @throws {@link TopsparkError} `fleet_offer`, or `fleet_too_large` where it is more than one robot may share
 */
export function checkOffer(offer: Offer): void {
  const { robot, version, manifest, manifestBytes, chunks, bytes } = offer;
  const refuse = (cause: string, found: string, expected: string): never => {
    throw new TopsparkError(
      cause,
      'data',
      `offer of ${quoted(robot)}: ${found}, expected ${expected}; nothing is fetched`,
    );
  };
  if (!fleetNamePattern.test(robot))
    refuse('fleet_offer', 'its name is none', 'a letter, then letters, digits and _, 64 at most');
  if (!Number.isSafeInteger(version) || version < 1) refuse('fleet_offer', `version ${version}`, 'a count from 1');
  if (!/^[0-9a-f]{64}$/.test(manifest)) refuse('fleet_offer', `manifest ${quoted(manifest)}`, 'a SHA-256');
  const bounds = [
    [manifestBytes, mostManifestBytes, 'bytes of manifest'],
    [chunks, mostChunks, 'chunks'],
    [bytes, mostContributionBytes, 'bytes of chunks'],
  ] as const;
  for (const [found, most, what] of bounds) {
    if (!(found <= most)) refuse('fleet_too_large', `it has ${found} ${what}`, `at most ${most}`);
  }
}

/**
 * Receives the offer of one robot: first the manifest, then the missing chunks, piece by piece. A blob that was cut off
 * is continued at that byte, even from another sender.
 */
export class Reception {
  #manifest: Manifest | undefined;
  #manifestBytes: Uint8Array | undefined;
  /** Lengths of the chunks that are still wanted, by their hashes. */
  readonly #wanted = new Map<string, number>();
  /** The received part of a blob that was cut off. */
  #cut: { readonly hash: string; readonly parts: Uint8Array[]; length: number } | undefined;
  #wrong = 0;

  /**
   * @param has - whether a blob is here already
   * @param trust - returns the robots that are trusted now
   */
  constructor(
    readonly offer: Offer,
    readonly has: (hash: string) => boolean,
    readonly trust: () => Trust,
  ) {}

  /** The manifest, once it is here. */
  get manifest(): Manifest | undefined {
    return this.#manifest;
  }

  /** The encoded manifest. */
  get manifestBytes(): Uint8Array | undefined {
    return this.#manifestBytes;
  }

  /** Whether everything is here. */
  get whole(): boolean {
    return this.#manifest !== undefined && this.#wanted.size === 0;
  }

  /** Chunks of the offer that are here. */
  get held(): number {
    return this.#manifest === undefined
      ? 0
      : new Set(this.#manifest.chunks.map(({ hash }) => hash)).size - this.#wanted.size;
  }

  /**
   * The next request; `undefined`: nothing more is wanted.
   *
   * @param mostBytes - most bytes of its answer
   */
  next(mostBytes: number): PieceRequest | undefined {
    if (this.whole) return undefined;
    const cut = this.#cut;
    const offset = cut?.length ?? 0;
    if (this.#manifest === undefined) return { hashes: [this.offer.manifest], offset, mostBytes };
    const hashes: string[] = cut === undefined ? [] : [cut.hash];
    // As many as fit, and one more, which will be cut off.
    let bytes = -offset;
    for (const [hash, length] of this.#wanted) {
      if (hashes.length === mostHashes || bytes >= mostBytes) break;
      if (hash !== cut?.hash) hashes.push(hash);
      bytes += length;
    }
    return { hashes, offset, mostBytes };
  }

  /**
   * Takes an answer.
   *
   * @returns chunks that are whole now; a manifest is in {@link Reception.manifestBytes} instead
   * @throws {@link TopsparkError} `fleet_piece` or `fleet_chunk` if it does not match the request, which is then
   *   repeated. A cause of a manifest, or `fleet_offer`, if the offer must be given up
   */
  take(request: PieceRequest, answer: Extract<PieceAnswer, { kind: 'sent' }>): Blob[] {
    const blobs: Blob[] = [];
    for (const { hash, length, bytes } of this.#parts(request, answer)) {
      const first = this.#cut?.hash === hash ? this.#cut : { hash, parts: [], length: 0 };
      const expected = hash === this.offer.manifest ? this.offer.manifestBytes : this.#wanted.get(hash);
      if (expected === undefined) continue; // It was here already.
      if (length !== expected) this.#refuse(hash, `has ${length} bytes`, String(expected));
      // A copy: the caller may reuse its memory.
      first.parts.push(Uint8Array.from(bytes));
      first.length += bytes.length;
      if (first.length < expected) {
        this.#cut = first;
        continue;
      }
      this.#cut = undefined;
      const whole = Buffer.concat(first.parts);
      if (chunkHash(whole) !== hash) this.#refuse(hash, 'has another SHA-256', hash.slice(0, 12));
      if (this.#manifest === undefined) this.#read(whole);
      else {
        this.#wanted.delete(hash);
        blobs.push({ hash, bytes: whole });
      }
    }
    return blobs;
  }

  /** Takes a manifest stored before a restart, if the offer still has it. @throws as {@link Reception.take} */
  resume(manifest: Uint8Array): void {
    if (chunkHash(manifest) === this.offer.manifest) this.#read(manifest);
  }

  /** Whether the offer is given up, after too many wrong pieces or a wrong manifest. */
  get hopeless(): boolean {
    return this.#wrong >= mostWrong;
  }

  #parts(request: PieceRequest, answer: Extract<PieceAnswer, { kind: 'sent' }>): ReturnType<typeof partsOf> {
    try {
      return partsOf(request, answer, this.offer.robot);
    } catch (error) {
      this.#wrong++;
      this.#cut = undefined;
      throw error;
    }
  }

  #refuse(hash: string, found: string, expected: string): never {
    this.#wrong++;
    this.#cut = undefined;
    const sentence = `a piece of ${this.offer.robot}, ${hash.slice(0, 12)}, ${found}, expected ${expected}`;
    const cure = this.hopeless ? 'its offer is given up: see who answers for it' : 'it is asked for again';
    throw new TopsparkError('fleet_chunk', 'data', `${sentence}; ${cure}`);
  }

  #read(bytes: Uint8Array): void {
    try {
      const manifest = readManifest(bytes, this.trust());
      const { robot, version } = this.offer;
      if (manifest.robot !== robot || manifest.version !== version) {
        const found = `its manifest is that of ${manifest.robot}, version ${manifest.version}`;
        const message = `offer of ${robot}: ${found}, expected version ${version} of its own; it is given up`;
        throw new TopsparkError('fleet_offer', 'data', message);
      }
      this.#manifest = manifest;
      this.#manifestBytes = bytes;
      for (const { hash, bytes: length } of manifest.chunks) if (!this.has(hash)) this.#wanted.set(hash, length);
    } catch (error) {
      this.#wrong = mostWrong;
      throw error;
    }
  }
}
