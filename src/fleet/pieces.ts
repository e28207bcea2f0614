import { TopsparkError } from '../base/errors.js';

/** Length of a SHA-256 [byte]. */
const hashBytes = 32;

/** Most hashes that one request may name. */
export const mostHashes = 128;

/** Most bytes that one answer may have. */
export const mostPieceBytes = 61_440;

/** A request to a robot for bytes of blobs, which it names by their hashes. */
export interface PieceRequest {
  /** SHA-256 (hex), in the order in which they are wanted. */
  readonly hashes: readonly string[];
  /** First wanted byte of the first blob. */
  readonly offset: number;
  /** Most bytes of the answer. */
  readonly mostBytes: number;
}

/** The robot's answer. */
export type PieceAnswer =
  /** Bytes of the first blobs one after the other; the last may be cut. `lengths` has the whole length of each. */
  | { readonly kind: 'sent'; readonly lengths: readonly number[]; readonly data: Uint8Array }
  /** The rate is used up; time until the next request [s]. */
  | { readonly kind: 'wait'; readonly seconds: number }
  /** The first blob is no longer shared. */
  | { readonly kind: 'gone' };

/** Requests pieces of one robot. It rejects with a {@link TopsparkError} if there is no answer. */
export type PieceSource = (request: PieceRequest) => Promise<PieceAnswer>;

/**
 * Reads hashes from a message.
 *
 * @param bytes - 32 for each hash
 * @throws {@link TopsparkError} `fleet_request` if there are none, too many, or one that is cut off
 */
export function hashesOf(bytes: Uint8Array): string[] {
  const count = bytes.length / hashBytes;
  if (!Number.isInteger(count) || count < 1 || count > mostHashes) {
    const message = `hashes of the request have ${bytes.length} bytes, expected ${hashBytes} of each of 1..${mostHashes}`;
    throw new TopsparkError('fleet_request', 'data', message);
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return Array.from({ length: count }, (_, at) => text.slice(2 * hashBytes * at, 2 * hashBytes * (at + 1)));
}

/** Hashes as a message has them. */
export const hashesIn = (hashes: readonly string[]): Buffer => Buffer.from(hashes.join(''), 'hex');

/**
 * Answers a request from the shared blobs, with as much as fits.
 *
 * @param blobOf - the blob of that hash; `undefined`: it is not shared
 * @param mostBytes - the robot's own limit, beside that of the request
 * @throws {@link TopsparkError} `fleet_request` if the request is invalid
 */
export function cutPiece(
  { hashes, offset, mostBytes: asked }: PieceRequest,
  blobOf: (hash: string) => Uint8Array | undefined,
  mostBytes: number,
): PieceAnswer {
  const first = blobOf(hashes[0] ?? '');
  if (first === undefined) return { kind: 'gone' };
  if (!(asked >= 1) || !(offset >= 0 && offset < Math.max(1, first.length))) {
    const found = `${asked} bytes at most from byte ${offset} on of a piece of ${first.length}`;
    throw new TopsparkError('fleet_request', 'data', `the request is for ${found}, expected 1 or more, from within it`);
  }
  let room = Math.min(asked, mostBytes, mostPieceBytes);
  const lengths: number[] = [];
  const parts: Uint8Array[] = [];
  for (const [at, hash] of hashes.entries()) {
    const blob = blobOf(hash);
    if (blob === undefined || room === 0) break;
    const from = at === 0 ? offset : 0;
    const part = blob.subarray(from, from + room);
    lengths.push(blob.length);
    parts.push(part);
    room -= part.length;
  }
  return { kind: 'sent', lengths, data: Buffer.concat(parts) };
}

/**
 * Cuts an answer into its blobs.
 *
 * @param from - the robot that answered, for sentences
 * @returns for each blob its hash, its announced length, and the bytes that came
 * @throws {@link TopsparkError} `fleet_piece` if the answer does not match the request
 */
export function partsOf(
  { hashes, offset, mostBytes }: PieceRequest,
  { lengths, data }: Extract<PieceAnswer, { kind: 'sent' }>,
  from: string,
): { readonly hash: string; readonly length: number; readonly bytes: Uint8Array }[] {
  const odd = (found: string, expected: string): TopsparkError =>
    new TopsparkError('fleet_piece', 'data', `an answer of ${from} ${found}, expected ${expected}`);
  if (lengths.length === 0 || lengths.length > hashes.length) {
    throw odd(`has ${lengths.length} pieces`, `1..${hashes.length}, as many as were asked for at most`);
  }
  if (data.length > mostBytes) throw odd(`has ${data.length} bytes`, `at most ${mostBytes}, as was asked for`);
  let at = 0;
  const parts = lengths.map((length, index) => {
    const wanted = length - (index === 0 ? offset : 0);
    const bytes = data.subarray(at, at + Math.max(0, wanted));
    at += bytes.length;
    if (bytes.length < wanted && index < lengths.length - 1)
      throw odd('ends within a piece that is not its last', 'all of it');
    return { hash: hashes[index], length, bytes };
  });
  if (at !== data.length) throw odd(`has ${data.length} bytes`, `${at}, as many as its pieces have`);
  return parts;
}
