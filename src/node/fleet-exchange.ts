import { setTimeout as after } from 'node:timers/promises';
import { refusal, type RefusalEvent } from '../base/refusal.js';
import { TopsparkError } from '../base/errors.js';
import { inTurns } from '../base/slices.js';
import type { TokenBucket } from '../base/token-bucket.js';
import { assembling } from '../fleet/contribution.js';
import type { Trust } from '../fleet/manifest.js';
import type { PieceSource } from '../fleet/pieces.js';
import { checkOffer, Reception, type Offer } from '../fleet/reception.js';
import type { FleetFolder } from './fleet-folder.js';

/** Most other robots. */
export const mostMembers = 64;

/** First and longest wait after a robot did not answer [s]. */
const [firstPause, longestPause] = [1, 60];

/** State of another robot. */
export interface Member {
  readonly robot: string;
  /** Its offer; `undefined`: none has come yet. */
  readonly offer: Offer | undefined;
  /** Version that is complete here; 0: none. */
  readonly held: number;
  /** Chunks of the offer that are here. */
  readonly chunksHeld: number;
  /** Monotonic time at which something last came from it [s]; `undefined`: nothing yet. */
  readonly heardAt: number | undefined;
  /** Its fault; empty: none. */
  readonly note: string;
}

interface Peer {
  offer: Offer | undefined;
  reception: Reception | undefined;
  /** Whether it is complete and its chunks are being read. */
  ending: boolean;
  /** Sources by way (`ros`, `server`): a robot may be reached on the subnet and by a server. */
  readonly sources: Map<string, PieceSource>;
  heardAt: number | undefined;
  note: string;
  /** Monotonic time of the next request at the earliest [s]. */
  next: number;
  pause: number;
}

/** Parts that a {@link FleetExchange} works with. */
export interface ExchangeParts {
  /** Own name in the fleet. */
  readonly robot: string;
  readonly folder: FleetFolder;
  readonly rate: TokenBucket;
  /** Most bytes of an answer. */
  readonly pieceBytes: number;
  /** Most bytes kept for all robots. */
  readonly mostBytes: number;
  readonly trust: () => Trust;
  /** Monotonic time [s]. */
  readonly time: () => number;
  readonly refuse: (event: RefusalEvent) => void;
  /** Called when a contribution is complete. */
  readonly arrived: (robot: string, version: number) => void;
}

/**
 * Fetches what other robots offer, within the rate: one request at a time, from one robot after the other. A robot that
 * does not answer is asked again later; what has come so far is kept.
 */
export class FleetExchange {
  readonly #parts: ExchangeParts;
  readonly #peers = new Map<string, Peer>();
  readonly #closed = new AbortController();
  /** Ends the pause of the loop. */
  #wake: () => void = () => undefined;
  #received = 0;
  /** Counts requests; it decides which robot is next. */
  #turn = 0;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    for (const { manifest } of parts.folder.contributions.all) this.#peer(manifest.robot);
    void this.#run();
  }

  /** Bytes received. */
  get received(): number {
    return this.#received;
  }

  /** All other robots with an offer or a contribution, by name. */
  get members(): Member[] {
    const { contributions } = this.#parts.folder;
    return [...this.#peers]
      .map(([robot, { offer, reception, heardAt, note }]) => {
        const held = contributions.of(robot)?.manifest.version ?? 0;
        const whole = offer !== undefined && held >= offer.version;
        const chunksHeld = whole ? offer.chunks : (reception?.held ?? 0);
        return { robot, offer, held, chunksHeld, heardAt, note };
      })
      .sort((a, b) => (a.robot < b.robot ? -1 : 1));
  }

  /**
   * Hears an offer.
   *
   * @param way - how it came: `ros`, `server`
   */
  hear(offer: Offer, way: string, source: PieceSource): void {
    const { robot, folder, refuse, time } = this.#parts;
    if (folder.isRefused(offer.robot)) return;
    try {
      if (offer.robot === robot) return;
      checkOffer(offer);
      this.#checkRoom(offer);
    } catch (error) {
      refuse(refusal('fleet', error));
      const known = this.#peers.get(offer.robot);
      if (known !== undefined && error instanceof TopsparkError) known.note = error.message;
      return;
    }
    const peer = this.#peer(offer.robot);
    peer.sources.set(way, source);
    peer.heardAt = time();
    // A server may have an older offer than the subnet.
    if (peer.offer !== undefined && offer.version < peer.offer.version) return;
    if (peer.offer?.manifest === offer.manifest) {
      // The robot is there again, perhaps after a restart.
      if (!(peer.reception?.hopeless ?? false)) peer.next = Math.min(peer.next, time());
      this.#wake();
      return;
    }
    peer.offer = offer;
    peer.note = '';
    [peer.next, peer.pause] = [0, firstPause];
    // A transfer under way is finished first, while the robot still sends that version: otherwise a robot that keeps
    // learning would never be complete here.
    const { reception, ending } = peer;
    if (!ending && (reception === undefined || reception.whole || reception.hopeless)) this.#begin(peer);
    this.#wake();
  }

  /** Whether a robot is known, by an accepted offer or a contribution. */
  has(robot: string): boolean {
    return this.#peers.has(robot);
  }

  /** Forgets a robot from which nothing is wanted any more. */
  drop(robot: string): void {
    this.#peers.delete(robot);
  }

  /** Ends fetching; what has come so far is kept. */
  close(): void {
    this.#closed.abort();
    this.#wake();
  }

  #peer(robot: string): Peer {
    const known = this.#peers.get(robot);
    if (known !== undefined) return known;
    const peer: Peer = {
      ...{ offer: undefined, reception: undefined, ending: false, sources: new Map(), heardAt: undefined, note: '' },
      ...{ next: 0, pause: firstPause },
    };
    this.#peers.set(robot, peer);
    return peer;
  }

  // Checks the limits before anything of an offer is fetched.
  #checkRoom({ robot, bytes, manifestBytes }: Offer): void {
    const { folder, mostBytes } = this.#parts;
    if (!this.#peers.has(robot) && this.#peers.size >= mostMembers) {
      const found = `${robot} is one more than the ${mostMembers} robots that are heard`;
      throw new TopsparkError('fleet_full', 'data', `${found}, expected at most so many: divide the fleet`);
    }
    const beside = folder.bytesBeside(robot);
    if (beside + bytes + manifestBytes <= mostBytes) return;
    const found = `offer of ${robot}: its ${bytes + manifestBytes} bytes and the ${beside} that are kept of others`;
    throw new TopsparkError(
      'fleet_full',
      'data',
      `${found} are more than fleet.max_bytes = ${mostBytes}; nothing is fetched`,
    );
  }

  #begin(peer: Peer): void {
    const { offer } = peer;
    const { folder, trust, refuse } = this.#parts;
    if (offer === undefined) return;
    const { robot } = offer;
    if ((folder.contributions.of(robot)?.manifest.version ?? 0) >= offer.version) {
      peer.reception = undefined;
      return;
    }
    peer.reception = new Reception(offer, (hash) => folder.blobOf(robot, hash) !== undefined, trust);
    const begun = folder.begunManifest(robot);
    if (begun === undefined) return;
    const failed = (error: unknown): void => {
      peer.note = refusal('fleet', error).message;
      refuse(refusal('fleet', error));
    };
    try {
      peer.reception.resume(begun);
      this.#end(peer).catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  async #run(): Promise<void> {
    const { rate, time, refuse } = this.#parts;
    while (!this.#closed.signal.aborted) {
      const wait = rate.wait(time());
      if (wait > 0) {
        await this.#rest(wait, false);
        continue;
      }
      const [peer, pause] = this.#choose();
      if (peer === undefined) {
        await this.#rest(pause, true);
        continue;
      }
      try {
        await this.#ask(peer);
      } catch (error) {
        const event = refusal('fleet', error);
        peer.note = event.message;
        refuse(event);
        this.#later(peer);
      }
    }
  }

  // The next robot from which something is wanted and which does not pause; else the time until there may be one [s].
  #choose(): readonly [Peer | undefined, number] {
    const now = this.#parts.time();
    const wanted = [...this.#peers.values()].filter(({ reception, sources }) => {
      return reception !== undefined && !reception.whole && !reception.hopeless && sources.size > 0;
    });
    const ready = wanted.filter(({ next }) => next <= now);
    if (ready.length > 0) return [ready[this.#turn++ % ready.length], 0];
    return [undefined, Math.min(longestPause, ...wanted.map(({ next }) => next - now))];
  }

  async #ask(peer: Peer): Promise<void> {
    const { rate, time, pieceBytes, folder } = this.#parts;
    const { reception } = peer;
    const request = reception?.next(pieceBytes);
    // The way that answered last comes first.
    const first = peer.sources.entries().next().value;
    if (reception === undefined || request === undefined || first === undefined) return;
    const [way, source] = first;
    let answer;
    try {
      answer = await source(request);
    } catch (error) {
      peer.sources.delete(way);
      peer.sources.set(way, source);
      throw error;
    }
    if (this.#closed.signal.aborted || peer.reception !== reception) return;
    peer.heardAt = time();
    if (answer.kind === 'wait') {
      peer.next = time() + Math.min(longestPause, Math.max(0, answer.seconds));
      return;
    }
    if (answer.kind === 'gone') {
      // A newer offer has come, or will come.
      if (peer.offer?.manifest === reception.offer.manifest) this.#later(peer);
      this.#begin(peer);
      return;
    }
    const bytes = answer.data.length + 4 * answer.lengths.length;
    rate.spend(bytes, time());
    this.#received += bytes;
    const forManifest = request.hashes[0] === reception.offer.manifest;
    const blobs = reception.take(request, answer);
    const { robot } = reception.offer;
    const { manifest, manifestBytes } = reception;
    if (forManifest && manifest !== undefined && manifestBytes !== undefined) folder.begin(manifest, manifestBytes);
    folder.keep(robot, blobs);
    peer.note = '';
    peer.pause = firstPause;
    await this.#end(peer);
  }

  // Ends a complete transfer. Every chunk is read once before it counts, in slices: to read all at once would
  // delay decisions.
  async #end(peer: Peer): Promise<void> {
    const { folder, arrived } = this.#parts;
    const { reception } = peer;
    if (peer.ending || reception?.whole !== true || reception.manifest === undefined) return;
    const { robot, version } = reception.manifest;
    peer.ending = true;
    try {
      const contribution = await inTurns(assembling(reception.manifest, (hash) => folder.blobOf(robot, hash)));
      // The robot may have been forgotten meanwhile.
      if (this.#closed.signal.aborted || this.#peers.get(robot) !== peer) return;
      folder.complete(contribution);
      arrived(robot, version);
    } finally {
      peer.ending = false;
      peer.reception = undefined;
      if (peer.offer !== reception.offer) this.#begin(peer);
    }
  }

  #later(peer: Peer): void {
    peer.next = this.#parts.time() + peer.pause;
    peer.pause = Math.min(longestPause, 2 * peer.pause);
  }

  // Waits for this time, or if `early`, until an offer comes.
  async #rest(seconds: number, early: boolean): Promise<void> {
    const ended = new AbortController();
    const end = (): void => {
      ended.abort();
    };
    if (early) this.#wake = end;
    this.#closed.signal.addEventListener('abort', end, { once: true });
    try {
      await after(1000 * Math.max(0.001, seconds), undefined, { signal: ended.signal, ref: false });
    } catch {
      // Woken.
    } finally {
      this.#closed.signal.removeEventListener('abort', end);
      this.#wake = () => undefined;
    }
  }
}
