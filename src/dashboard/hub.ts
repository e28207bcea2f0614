import type { WebSocket } from 'ws';
import { monotonic } from '../base/time.js';
import { explain } from '../base/errors.js';
import { packageVersion } from '../base/package.js';
import { HeldLesson } from './held-lesson.js';
import { readRequest } from './read-request.js';
import type { LessonView, Reply, Request, ToPage, PageView } from './protocol.js';
import { Viewer } from './viewer.js';
import type { NodeView, Outcome, Watched } from './watched-node.js';

/** Period of updates of a page [ms], and how often the node is checked while no page is open. */
const period = 100;
const idlePeriod = 2000;

/** Time to keep watching after the last page was closed [ms], so that a reload need not wait. */
const lookOn = 3000;

/** Period of pings to a page [ms]. */
const pingPeriod = 10_000;

/** The open pages, and the node that they show. */
export class Hub {
  readonly #viewers = new Set<Viewer>();
  #known: NodeView = {
    ...{ silence: 'nothing has come from the node yet', decision: null, mode: null, status: null },
    ...{ classes: [], spikes: null, prototypes: null, questions: [], fleet: null },
  };
  readonly #pictures = new Map<number, Uint8Array>();
  #lesson: HeldLesson | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #pings: NodeJS.Timeout;
  #looking = false;
  #closed = false;
  #leaving: NodeJS.Timeout | undefined;

  constructor(
    readonly watched: Watched,
    readonly readOnly: boolean,
  ) {
    this.#pace(idlePeriod);
    this.#pings = setInterval(() => {
      for (const viewer of this.#viewers) viewer.ping(monotonic());
    }, pingPeriod);
  }

  /** Number of open pages. */
  get viewers(): number {
    return this.#viewers.size;
  }

  /** Empty while the node is active, otherwise why it is silent. */
  get silence(): string {
    return this.#known.silence;
  }

  /** Adds a page that was opened. */
  add(socket: WebSocket): void {
    const viewer = new Viewer(socket, monotonic());
    this.#viewers.add(viewer);
    socket.on('message', (data, binary) => {
      this.#hear(viewer, binary ? '' : (data as Buffer).toString());
    });
    socket.on('pong', () => {
      viewer.heard(monotonic());
    });
    socket.on('error', () => {
      socket.terminate();
    });
    socket.on('close', () => {
      this.#viewers.delete(viewer);
      if (this.#lesson?.owner === viewer) this.#lesson.release();
      if (this.#viewers.size === 0 && !this.#closed) this.#leave();
    });
    clearTimeout(this.#leaving);
    if (!this.#looking) {
      this.#looking = true;
      this.watched.look(true);
      this.#pace(period);
    }
    this.#tick();
    for (const picture of this.#pictures.values()) viewer.showPicture(picture);
  }

  /** Ends everything. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#leaving);
    clearInterval(this.#timer);
    clearInterval(this.#pings);
    this.#lesson?.release();
    for (const { socket } of this.#viewers) socket.close(1001, 'the dashboard is shutting down');
  }

  #leave(): void {
    this.#leaving = setTimeout(() => {
      this.#looking = false;
      this.#pictures.clear();
      this.watched.look(false);
      this.#pace(idlePeriod);
    }, lookOn);
  }

  #pace(every: number): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      this.#tick();
    }, every);
  }

  #tick(): void {
    const { view, pictures, taught } = this.watched.poll();
    this.#known = { ...this.#known, ...view };
    for (const picture of pictures) this.#pictures.set(picture[0], picture);
    this.#lesson?.add(taught);
    this.#lesson?.tick(monotonic());
    const message: ToPage = { view };
    const changes = Object.keys(view).length > 0 ? JSON.stringify(message) : undefined;
    for (const viewer of this.#viewers) {
      viewer.show(changes, () => this.#whole());
      viewer.showOwn(this.#lessonOf(viewer));
      for (const picture of pictures) viewer.showPicture(picture);
    }
  }

  #whole(): Partial<PageView> {
    return { ...this.#known, node: this.watched.node, version: packageVersion(), readOnly: this.readOnly };
  }

  #lessonOf(viewer: Viewer): LessonView | null {
    const lesson = this.#lesson;
    return lesson?.held === true ? { name: lesson.name, own: lesson.owner === viewer } : null;
  }

  #hear(viewer: Viewer, text: string): void {
    const refused = viewer.admit(monotonic());
    if (refused !== undefined) {
      viewer.reply({ id: 0, ok: false, message: refused });
      return;
    }
    try {
      const { id, request } = readRequest(text);
      // A held button reports several times a second, and needs no answer.
      if (request.do === 'hold') this.#hold(viewer);
      else void viewer.pend(this.#answer(viewer, id, request));
    } catch (error) {
      viewer.reply({ id: 0, ok: false, message: explain(error) });
    }
  }

  #hold(viewer: Viewer): void {
    if (this.#lesson?.owner === viewer) this.#lesson.hold(monotonic());
  }

  async #answer(viewer: Viewer, id: number, request: Request): Promise<Reply> {
    try {
      return { id, ...(await this.#do(viewer, request)) };
    } catch (error) {
      return { id, ok: false, message: explain(error) };
    }
  }

  async #do(viewer: Viewer, request: Request): Promise<Outcome> {
    if (this.readOnly) return { ok: false, message: 'this dashboard is read-only: it was started with --read-only' };
    if (this.silence !== '') return { ok: false, message: this.silence };
    switch (request.do) {
      case 'hold':
        return { ok: true, message: '' };
      case 'release':
        if (this.#lesson?.owner === viewer) this.#lesson.release();
        return { ok: true, message: '' };
      case 'teach':
        return this.#teach(viewer, request.name);
      case 'take_back':
        return this.#takeBack();
      case 'rename':
        return this.watched.rename(request.name, request.newName);
      case 'forget':
        return this.watched.forget(request.name);
      case 'answer':
        return this.watched.answer(request.question, request.name);
      case 'mode':
        return this.watched.setMode(request.mode);
      case 'target':
        return this.watched.setTarget(request.target);
      case 'learning':
        return this.watched.setLearning(request.on);
      case 'save':
        return this.watched.save();
      case 'merge':
        return this.watched.merge();
      case 'forget_robot':
        return this.watched.forgetRobot(request.name);
    }
  }

  #teach(viewer: Viewer, name: string): Promise<Outcome> {
    const busy = this.#lesson;
    if (busy?.held === true && busy.owner !== viewer) {
      const message = `${busy.name} is being taught on another page: wait until its button is released`;
      return Promise.resolve({ ok: false, message });
    }
    busy?.release();
    this.#lesson = new HeldLesson(this.watched, viewer, name, monotonic());
    return this.#lesson.ended;
  }

  #takeBack(): Outcome {
    const samples = this.#lesson?.taught.splice(0) ?? [];
    if (samples.length === 0) return { ok: false, message: 'there is nothing to undo' };
    this.watched.takeBack(samples);
    return { ok: true, message: `the labels of ${samples.length} samples are undone` };
  }
}
