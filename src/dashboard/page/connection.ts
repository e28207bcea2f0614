import { subprotocol, tokenPrefix, type Reply, type Request, type ToPage, type PageView } from '../protocol.js';

/** State of the connection to the dashboard. */
export type Line = 'connecting' | 'open' | 'lost' | 'refused';

/** Waits before another attempt [ms]: doubled each time. */
const [firstWait, longestWait] = [300, 4000];

/** Callbacks of the connection. */
export interface Listeners {
  readonly line: (line: Line) => void;
  readonly view: (changes: Partial<PageView>) => void;
  readonly picture: (frame: ArrayBuffer) => void;
  /** A warning that answers no request. */
  readonly warning: (message: string) => void;
}

/** The connection to the dashboard; it is opened again whenever it is lost. */
export class Connection {
  readonly #listeners: Listeners;
  readonly #token: string | null;
  readonly #waiting = new Map<number, (reply: Omit<Reply, 'id'>) => void>();
  #socket: WebSocket | undefined;
  #next = 1;
  #wait = firstWait;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
    this.#token = takeToken();
    this.#open();
  }

  /** Sends a request. */
  ask(request: Request): Promise<Omit<Reply, 'id'>> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) {
      return Promise.resolve({ ok: false, message: 'the dashboard cannot be reached now' });
    }
    const id = this.#next++;
    socket.send(JSON.stringify({ id, ...request }));
    return new Promise((resolve) => {
      // A held button gets no answer.
      if (request.do === 'hold') resolve({ ok: true, message: '' });
      else this.#waiting.set(id, resolve);
    });
  }

  #open(): void {
    this.#listeners.line('connecting');
    const protocols = [subprotocol, ...(this.#token === null ? [] : [tokenPrefix + this.#token])];
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/node`, protocols);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#wait = firstWait;
      this.#listeners.line('open');
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') this.#hear(JSON.parse(data) as ToPage);
      else this.#listeners.picture(data);
    };
    socket.onclose = () => {
      void this.#lost();
    };
  }

  #hear(incoming: ToPage): void {
    if ('view' in incoming) {
      this.#listeners.view(incoming.view);
      return;
    }
    const { id, ok, message } = incoming.reply;
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (resolve === undefined) this.#listeners.warning(message);
    else resolve({ ok, message });
  }

  async #lost(): Promise<void> {
    for (const resolve of this.#waiting.values()) resolve({ ok: false, message: 'the line to the dashboard was lost' });
    this.#waiting.clear();
    this.#listeners.line('lost');
    try {
      // A browser does not report why a WebSocket was refused.
      const authorization = this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
      if ((await fetch('/access', { headers: authorization })).status === 401) {
        this.#listeners.line('refused');
        return;
      }
    } catch {
      // The dashboard does not answer.
    }
    setTimeout(() => {
      this.#open();
    }, this.#wait);
    this.#wait = Math.min(longestWait, 2 * this.#wait);
  }
}

/** Reads the token from the address and removes it there. The token is kept while this tab is open. */
function takeToken(): string | null {
  const given = location.hash.slice(1);
  if (given !== '') {
    sessionStorage.setItem('token', given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem('token');
}
