import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../src/base/token-bucket.js';
import type { PieceAnswer } from '../../src/fleet/pieces.js';
import { checkOffer, Reception, type Offer } from '../../src/fleet/reception.js';
import { Shelf } from '../../src/fleet/shelf.js';
import { hashesOf, offerBy, sha, sharedBy } from './robots.js';

type Sent = Extract<PieceAnswer, { kind: 'sent' }>;
const now = (): { now: number } => ({ now: 1_800_000_000 });
const fast = (): Shelf => new Shelf(new TokenBucket(1e9, 1e9, 0));

/** Fetches until nothing is missing, or `most` answers have come. */
function fetchFrom(shelf: Shelf, reception: Reception, pieceBytes: number, most = Infinity): Map<string, Uint8Array> {
  const got = new Map<string, Uint8Array>();
  for (let k = 0; k < most; k++) {
    const request = reception.next(pieceBytes);
    if (request === undefined) break;
    const answer = shelf.answer(request, 0) as Sent;
    expect(answer.kind).toBe('sent');
    expect(answer.data.length).toBeLessThanOrEqual(pieceBytes);
    for (const { hash, bytes } of reception.take(request, answer)) got.set(hash, bytes);
  }
  return got;
}

describe('Reception', () => {
  const shared = sharedBy('robot1', 7, [900, 5000, 20, 70_000, 1, 333]);

  it.each([1000, 4096, 61_440])('fetches every chunk, byte for byte, in pieces of %d bytes', (pieceBytes) => {
    const shelf = fast();
    shelf.put(shared);
    const reception = new Reception(offerBy(shared), () => false, now);
    const got = fetchFrom(shelf, reception, pieceBytes);
    expect(reception.whole).toBe(true);
    expect(reception.held).toBe(6);
    expect(reception.manifest).toEqual(shared.manifest);
    expect(hashesOf(got)).toEqual(hashesOf(shared.chunks));
  });

  it('requests no chunk that is already held', () => {
    const shelf = fast();
    shelf.put(shared);
    const [first, second, ...rest] = shared.chunks.keys();
    const reception = new Reception(offerBy(shared), (hash) => hash === first || hash === second, now);
    expect([...fetchFrom(shelf, reception, 4096).keys()]).toEqual(rest);
    expect(shelf.sent).toBe(shared.bytes.length + 20 + 70_000 + 1 + 333);
  });

  it('resumes after a restart with the stored manifest', () => {
    const shelf = fast();
    shelf.put(shared);
    const before = new Reception(offerBy(shared), () => false, now);
    const got = fetchFrom(shelf, before, 2000, 6);
    const after = new Reception(offerBy(shared), (hash) => got.has(hash), now);
    after.resume(shared.bytes);
    for (const [hash, bytes] of fetchFrom(shelf, after, 2000)) {
      expect(got.has(hash)).toBe(false);
      got.set(hash, bytes);
    }
    expect(got.size).toBe(6);
  });

  it('refuses a chunk with another hash, requests it again, and gives up after three', () => {
    const shelf = fast();
    shelf.put(shared);
    const reception = new Reception(offerBy(shared), () => false, now);
    fetchFrom(shelf, reception, 61_440, 1);
    const wrong = (): void => {
      const request = reception.next(900);
      expect(request?.hashes[0]).toBe(sha(Buffer.alloc(900, 1)));
      if (request) reception.take(request, { kind: 'sent', lengths: [900], data: Buffer.alloc(900, 99) });
    };
    expect(wrong).toThrow('has another SHA-256');
    expect(wrong).toThrow('it is asked for again');
    expect(wrong).toThrow('its offer is given up');
    expect(reception.hopeless).toBe(true);
  });

  it.each<[string, Partial<Sent>, string]>([
    [
      'of more pieces than were asked for',
      { lengths: Array<number>(200).fill(1), data: new Uint8Array(200) },
      'has 200 pieces',
    ],
    ['that is longer than was asked for', { data: new Uint8Array(5000) }, 'has 5000 bytes'],
    ['whose bytes are not those of its pieces', { lengths: [900], data: new Uint8Array(901) }, 'has 901 bytes'],
    ['that says that a chunk is huge', { lengths: [2 ** 31], data: new Uint8Array(900) }, 'has 2147483648 bytes'],
    ['of nothing', { lengths: [], data: new Uint8Array() }, 'has 0 pieces'],
  ])('refuses an answer %s', (_what, part, sentence) => {
    const shelf = fast();
    shelf.put(shared);
    const reception = new Reception(offerBy(shared), () => false, now);
    fetchFrom(shelf, reception, 61_440, 1);
    const request = reception.next(1000);
    const answer = { kind: 'sent' as const, lengths: [900], data: new Uint8Array(900), ...part };
    expect(() => request && reception.take(request, answer)).toThrow(sentence);
    expect(reception.held).toBe(0);
  });

  it.each<[string, (offer: Offer) => Offer]>([
    ['of another robot', (offer) => ({ ...offer, robot: 'robot2' })],
    ['of another version', (offer) => ({ ...offer, version: 8 })],
  ])('gives up an offer whose manifest is %s', (_what, change) => {
    const shelf = fast();
    shelf.put(shared);
    const reception = new Reception(change(offerBy(shared)), () => false, now);
    expect(() => fetchFrom(shelf, reception, 61_440)).toThrow('its manifest is that of robot1, version 7');
    expect(reception.hopeless).toBe(true);
  });

  it('gives up an offer that is dated in the future', () => {
    const shelf = fast();
    shelf.put(shared);
    const reception = new Reception(
      offerBy(shared),
      () => false,
      () => ({ now: 1_500_000_000 }),
    );
    expect(() => fetchFrom(shelf, reception, 61_440)).toThrow(/it is dated 2023-/);
    expect(reception.hopeless).toBe(true);
  });
});

describe('checkOffer', () => {
  const offer = offerBy(sharedBy('robot1', 7, [900]));

  it.each<[string, Partial<Offer>, string]>([
    ['a million chunks', { chunks: 1_000_000 }, 'it has 1000000 chunks, expected at most 10000'],
    ['a manifest of 4 GB', { manifestBytes: 2 ** 32 - 1 }, 'bytes of manifest'],
    ['chunks of 2^60 bytes', { bytes: 2 ** 60 }, 'bytes of chunks'],
    ['a name of 10 MB', { robot: 'x'.repeat(1e7) }, '10000000 characters): its name is none'],
    ['a name that leaves its folder', { robot: '../../etc/passwd' }, 'its name is none'],
    ['a version that is no count', { version: 2 ** 63 }, 'expected a count from 1'],
  ])('refuses %s before it fetches a byte', (_what, change, sentence) => {
    expect(() => {
      checkOffer({ ...offer, ...change });
    }).toThrow(sentence);
  });
});

describe('Shelf', () => {
  it('sends no faster than its rate, and asks to wait otherwise', () => {
    const shelf = new Shelf(new TokenBucket(8000, 16_000, 0));
    const shared = sharedBy('robot1', 1, [60_000]);
    shelf.put(shared);
    const request = { hashes: [...shared.chunks.keys()], offset: 0, mostBytes: 60_000 };
    expect(shelf.answer(request, 0)).toMatchObject({ kind: 'sent', data: { length: 16_000 } });
    expect(shelf.answer(request, 0)).toMatchObject({ kind: 'wait' });
    let sent = 16_000;
    for (let t = 0; t < 60; t += 0.1) {
      const answer = shelf.answer(request, t);
      if (answer.kind === 'sent') sent += answer.data.length;
    }
    expect(sent).toBeLessThanOrEqual(16_000 + 60 * 8000 + 16_000);
    expect(sent).toBeGreaterThan(60 * 8000 - 16_000);
  });

  it('keeps the previous version for robots that still fetch it, and no older one', () => {
    const shelf = fast();
    const versions = [1, 2, 3].map((version) => sharedBy('robot1', version, [100], version));
    for (const shared of versions) shelf.put(shared);
    const kinds = versions.map(({ bytes }) => shelf.answer({ hashes: [sha(bytes)], offset: 0, mostBytes: 10 }, 0).kind);
    expect(kinds).toEqual(['gone', 'sent', 'sent']);
  });

  it('refuses a request for no bytes, or from beyond the end', () => {
    const shelf = fast();
    const shared = sharedBy('robot1', 1, [100]);
    shelf.put(shared);
    const hashes = [...shared.chunks.keys()];
    for (const odd of [{ mostBytes: 0 }, { offset: 100 }, { offset: -1 }, { offset: NaN }]) {
      expect(() => shelf.answer({ hashes, offset: 0, mostBytes: 10, ...odd }, 0)).toThrow(
        'expected 1 or more, from within it',
      );
    }
  });
});
