import { WebSocket } from 'ws';
import { subprotocol, type Reply, type Request, type ToPage, type PageView } from '../../src/dashboard/protocol.js';

/** A page as the dashboard sees it, without a browser. */
export class PageSocket {
  view: Partial<PageView> = {};
  pictures = 0;
  readonly replies: Reply[] = [];
  #next = 1;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, binary) => {
      if (binary) {
        this.pictures++;
        return;
      }
      const message = JSON.parse(data.toString()) as ToPage;
      if ('reply' in message) this.replies.push(message.reply);
      else this.view = { ...this.view, ...message.view };
    });
  }

  /** @returns an open page; rejects with status and sentence when it is refused */
  static open(
    url: string,
    {
      origin = url.replace(/^ws/, 'http').replace(/\/node$/, ''),
      protocols = [subprotocol],
      headers = {},
    }: {
      readonly origin?: string | null;
      readonly protocols?: string[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<PageSocket> {
    const all = { ...headers, ...(origin !== null && { Origin: origin }) };
    const socket = new WebSocket(url, protocols, { headers: all, rejectUnauthorized: false });
    const page = new PageSocket(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => {
        resolve(page);
      });
      socket.on('error', reject);
      socket.on('unexpected-response', (_request, response) => {
        response.setEncoding('utf8');
        response.on('data', (sentence: string) => {
          reject(new Error(`${response.statusCode ?? 0} ${sentence}`));
        });
      });
    });
  }

  /** Sends a request. Returns its number. */
  send(request: Request): number {
    const id = this.#next++;
    this.socket.send(JSON.stringify({ id, ...request }));
    return id;
  }

  /** Sends anything. */
  sendText(text: string): void {
    this.socket.send(text);
  }

  reply(id: number): Reply | undefined {
    return this.replies.find((reply) => reply.id === id);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.on('close', () => {
        resolve();
      });
      this.socket.close();
    });
  }
}
