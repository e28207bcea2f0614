import type { WebSocket } from 'ws';
import { TokenBucket } from '../base/token-bucket.js';
import type { LessonView, Reply, ToPage, PageView } from './protocol.js';

/** Queued bytes of a slow connection above which frames are left out; pictures are left out earlier. */
const mostWaiting = { view: 256 * 1024, picture: 64 * 1024 };

/** Requests per second, and at once. */
const [rate, burst] = [20, 40];

/** Refused requests after which the connection is closed. */
const mostRefused = 200;

/** Requests of one page that wait for the node's answer. */
const mostPending = 8;

/** Time without a reply to a ping after which a connection counts as broken [s]. */
const silenceLimit = 25;

/** One open page. */
export class Viewer {
  /** Frames not sent because the connection is slow. */
  skipped = 0;
  #stale = true;
  #shownSkipped = 0;
  #shownLesson: string | undefined;
  #refused = 0;
  #pending = 0;
  #alive: number;
  readonly #requests: TokenBucket;

  /** @param now - monotonic time [s] */
  constructor(
    readonly socket: WebSocket,
    now: number,
  ) {
    this.#alive = now;
    this.#requests = new TokenBucket(rate, burst, now);
  }

  /** Returns why one more request is refused; `undefined`: it is admitted. */
  admit(now: number): string | undefined {
    this.#alive = now;
    const fits = this.#requests.take(now) && this.#pending < mostPending;
    if (fits) return undefined;
    if (++this.#refused > mostRefused) this.socket.close(1008, 'too many requests');
    return `too many requests: at most ${rate} a second and ${mostPending} at once are answered`;
  }

  /** Counts a request until it is answered. */
  async pend(work: Promise<Reply>): Promise<void> {
    this.#pending++;
    try {
      this.reply(await work);
    } finally {
      this.#pending--;
    }
  }

  /** Answers a request. */
  reply(reply: Reply): void {
    this.#send({ reply });
  }

  /**
   * Shows the changes, or everything where frames were left out.
   *
   * @param changes - text of a frame
   * @param whole - returns the whole view
   */
  show(changes: string | undefined, whole: () => Partial<PageView>): void {
    if (changes === undefined && !this.#stale) return;
    if (this.socket.bufferedAmount > mostWaiting.view) {
      this.skipped++;
      this.#stale = true;
      return;
    }
    if (this.#stale || changes === undefined) this.#send({ view: whole() });
    else this.socket.send(changes);
    this.#stale = false;
  }

  /** Sends the part of the view that belongs to this viewer alone. */
  showOwn(lesson: LessonView | null): void {
    const text = JSON.stringify(lesson);
    if (text === this.#shownLesson && this.skipped === this.#shownSkipped) return;
    if (this.socket.bufferedAmount > mostWaiting.view) return;
    this.#shownLesson = text;
    this.#shownSkipped = this.skipped;
    this.#send({ view: { lesson, skipped: this.skipped } });
  }

  /** Sends a picture, unless the connection is slow. */
  showPicture(frame: Uint8Array): void {
    if (this.socket.bufferedAmount > mostWaiting.picture) this.skipped++;
    else this.socket.send(frame);
  }

  /** Notes a sign of life. */
  heard(now: number): void {
    this.#alive = now;
  }

  /** Pings the page, and closes a connection that has been silent for too long. */
  ping(now: number): void {
    if (now - this.#alive > silenceLimit) this.socket.terminate();
    else this.socket.ping();
  }

  #send(message: ToPage): void {
    this.socket.send(JSON.stringify(message));
  }
}
