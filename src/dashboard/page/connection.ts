import { subprotocol, tokenPrefix, type Reply, type Request, type ToPage, type PageView } from '../protocol.js';

/** How the page stands with the dashboard. */
export type Line = 'connecting' | 'open' | 'lost' | 'refused';

/** Waits before it is tried again [ms]: doubled each time. */
const [firstWait, longestWait] = [300, 4000];

/** What hears of the connection. */
export interface Hearers {
  readonly line: (line: Line) => void;
  readonly view: (changes: Partial<PageView>) => void;
  readonly picture: (frame: ArrayBuffer) => void;
  /** A word of warning that answers nothing. */
  readonly warning: (message: string) => void;
}

/** The line to the dashboard; it is opened again whenever it is lost. */
export class Connection {
  readonly #hearers: Hearers;
  readonly #token: string | null;
  readonly #waiting = new Map<number, (reply: Omit<Reply, 'id'>) => void>();
  #socket: WebSocket | undefined;
  #next = 1;
  #wait = firstWait;

  constructor(hearers: Hearers) {
    this.#hearers = hearers;
    this.#token = takeToken();
    this.#open();
  }

  /** Asks for something. */
  ask(request: Request): Promise<Omit<Reply, 'id'>> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) {
      return Promise.resolve({ ok: false, message: 'the dashboard cannot be reached now' });
    }
    const id = this.#next++;
    socket.send(JSON.stringify({ id, ...request }));
    return new Promise((resolve) => {
      // What holds a button is not answered.
      if (request.do === 'hold') resolve({ ok: true, message: '' });
      else this.#waiting.set(id, resolve);
    });
  }

  #open(): void {
    this.#hearers.line('connecting');
    const protocols = [subprotocol, ...(this.#token === null ? [] : [tokenPrefix + this.#token])];
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/node`, protocols);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#wait = firstWait;
      this.#hearers.line('open');
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') this.#hear(JSON.parse(data) as ToPage);
      else this.#hearers.picture(data);
    };
    socket.onclose = () => {
      void this.#lost();
    };
  }

  #hear(told: ToPage): void {
    if ('view' in told) {
      this.#hearers.view(told.view);
      return;
    }
    const { id, ok, message } = told.reply;
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (resolve === undefined) this.#hearers.warning(message);
    else resolve({ ok, message });
  }

  async #lost(): Promise<void> {
    for (const resolve of this.#waiting.values()) resolve({ ok: false, message: 'the line to the dashboard was lost' });
    this.#waiting.clear();
    this.#hearers.line('lost');
    try {
      // A browser does not say why a WebSocket was refused.
      const authorization = this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
      if ((await fetch('/access', { headers: authorization })).status === 401) {
        this.#hearers.line('refused');
        return;
      }
    } catch {
      // Nobody is there.
    }
    setTimeout(() => {
      this.#open();
    }, this.#wait);
    this.#wait = Math.min(longestWait, 2 * this.#wait);
  }
}

/** The token of the address, which is not left where it can be read; it is kept while this tab is open. */
function takeToken(): string | null {
  const given = location.hash.slice(1);
  if (given !== '') {
    sessionStorage.setItem('token', given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem('token');
}
