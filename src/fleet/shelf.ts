import type { TokenBucket } from '../base/token-bucket.js';
import { chunkHash, type Manifest } from './manifest.js';
import { cutPiece, type PieceAnswer, type PieceRequest } from './pieces.js';
import type { Offer } from './reception.js';

/** A shared version. */
export interface Shared {
  readonly manifest: Manifest;
  /** The encoded manifest. */
  readonly bytes: Uint8Array;
  readonly chunks: ReadonlyMap<string, Uint8Array>;
}

/** Shortest wait in an answer [s]. */
const least = 0.05;

/**
 * Sends what a robot shares, by hash and with a limited rate. The version before stays available, so that a robot that
 * is fetching it can finish.
 */
export class Shelf {
  readonly #rate: TokenBucket;
  #now: Shared | undefined;
  #blobs = new Map<string, Uint8Array>();
  #before = new Map<string, Uint8Array>();
  #sent = 0;

  /** @param rate - limit for all receivers together */
  constructor(rate: TokenBucket) {
    this.#rate = rate;
  }

  /** The version shared now; `undefined`: none yet. */
  get shared(): Shared | undefined {
    return this.#now;
  }

  /** Bytes that were sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Shares a newer version. */
  put(shared: Shared): void {
    this.#before = this.#blobs;
    this.#blobs = new Map([...shared.chunks, [chunkHash(shared.bytes), shared.bytes]]);
    this.#now = shared;
  }

  /** Its offer; `undefined`: nothing is shared yet. */
  get offer(): Offer | undefined {
    return this.#now && offerOf(this.#now);
  }

  /**
   * Answers a request.
   *
   * @param now - monotonic time [s]
   * @throws {@link TopsparkError} `fleet_request`
   */
  answer(request: PieceRequest, now: number): PieceAnswer {
    const seconds = this.#rate.wait(now);
    if (seconds > 0) return { kind: 'wait', seconds: Math.max(least, seconds) };
    const blobOf = (hash: string): Uint8Array | undefined => this.#blobs.get(hash) ?? this.#before.get(hash);
    const answer = cutPiece(request, blobOf, Math.max(1024, this.#rate.burst));
    if (answer.kind === 'sent') {
      this.#rate.spend(answer.data.length, now);
      this.#sent += answer.data.length;
    }
    return answer;
  }
}

/** The offer of a version. */
export function offerOf({ manifest, bytes, chunks }: Shared): Offer {
  const total = [...chunks.values()].reduce((sum, { length }) => sum + length, 0);
  const { robot, version } = manifest;
  return { robot, version, manifest: chunkHash(bytes), manifestBytes: bytes.length, chunks: chunks.size, bytes: total };
}
