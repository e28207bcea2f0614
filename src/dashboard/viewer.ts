import type { WebSocket } from 'ws';
import { TokenBucket } from './token-bucket.js';
import type { LessonView, Reply, ToPage, PageView } from './protocol.js';

/** Bytes that wait for a slow line before frames are left out; pictures are left out sooner. */
const mostWaiting = { view: 256 * 1024, picture: 64 * 1024 };

/** Requests a second, and at once. */
const [rate, burst] = [20, 40];

/** Refused requests after which whoever sends them is shown the door. */
const mostRefused = 200;

/** Requests of one page that wait for the node's answer. */
const mostPending = 8;

/** Time without a sign of life after which a line counts as cut [s]. */
const silenceLimit = 25;

/** One page that is open. */
export class Viewer {
  /** Frames that were not sent, since the line is slow. */
  skipped = 0;
  #stale = true;
  #toldSkipped = 0;
  #toldLesson: string | undefined;
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

  /** Whether one more request is taken up; where it is not, why. */
  admit(now: number): string | undefined {
    this.#alive = now;
    const fits = this.#requests.take(now) && this.#pending < mostPending;
    if (fits) return undefined;
    if (++this.#refused > mostRefused) this.socket.close(1008, 'too many requests');
    return `too many requests: ${rate} a second are taken, ${mostPending} at once`;
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
   * Shows what changed, or everything where frames were left out.
   *
   * @param changes - text of a frame
   * @param whole - everything
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

  /** Shows what is this viewer's alone. */
  showOwn(lesson: LessonView | null): void {
    const text = JSON.stringify(lesson);
    if (text === this.#toldLesson && this.skipped === this.#toldSkipped) return;
    if (this.socket.bufferedAmount > mostWaiting.view) return;
    this.#toldLesson = text;
    this.#toldSkipped = this.skipped;
    this.#send({ view: { lesson, skipped: this.skipped } });
  }

  /** Shows a picture, where the line is free. */
  showPicture(frame: Uint8Array): void {
    if (this.socket.bufferedAmount > mostWaiting.picture) this.skipped++;
    else this.socket.send(frame);
  }

  /** Something was heard of it. */
  heard(now: number): void {
    this.#alive = now;
  }

  /** Asks for a sign of life, and cuts a line of which there was none for long. */
  ping(now: number): void {
    if (now - this.#alive > silenceLimit) this.socket.terminate();
    else this.socket.ping();
  }

  #send(told: ToPage): void {
    this.socket.send(JSON.stringify(told));
  }
}
