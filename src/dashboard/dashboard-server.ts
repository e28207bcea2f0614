import {
  createServer as createPlain,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { Access } from './access.js';
import { Hub } from './hub.js';
import type { PageFile } from './page-files.js';
import { subprotocol, tokenPrefix } from './protocol.js';
import type { Watched } from './watched-node.js';

/** Settings of the server. */
export interface DashboardSettings {
  /** Interface: a name or an address. */
  readonly host: string;
  /** Port; 0: a free one. */
  readonly port: number;
  /** Secret that a page must show; `undefined`: none. */
  readonly token: string | undefined;
  /** Certificate and its key in PEM; `undefined`: plain HTTP. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly readOnly: boolean;
}

/** Most pages open at once, and most connections. */
const mostViewers = 32;
const mostConnections = 128;

/** Longest text that a page may send [byte]. */
const longestRequest = 4096;

const limits = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 5000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
};

const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/**
 * Serves the page of a node over HTTP and WebSocket: the few files read at its start, `/healthz`, `/access`, which says
 * whether a token is right, and the WebSocket `/node`. Every other request is refused with a sentence.
 */
export class DashboardServer {
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #hub: Hub;
  readonly #access: Access;

  private constructor(
    readonly settings: DashboardSettings,
    readonly files: ReadonlyMap<string, PageFile>,
    watched: Watched,
  ) {
    const { host, token, tls, readOnly } = settings;
    this.#access = new Access({ host, token, tls: tls !== undefined });
    this.#hub = new Hub(watched, readOnly);
    const answer: RequestListener = (request, response) => {
      this.#answer(request, response);
    };
    this.#server = tls === undefined ? createPlain(limits, answer) : createSecure({ ...limits, ...tls }, answer);
    this.#server.maxConnections = mostConnections;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: longestRequest,
      perMessageDeflate: false,
      handleProtocols: (given) => (given.has(subprotocol) ? subprotocol : false),
    });
    this.#server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
    this.#server.on('clientError', (_error, socket) => {
      socket.destroy();
    });
  }

  /**
   * Starts to serve.
   *
   * @throws {@link TopsparkError} `cannot_listen` where host and port are not available, `tls` where certificate or key
   *   are invalid
   */
  static async open(
    settings: DashboardSettings,
    files: ReadonlyMap<string, PageFile>,
    watched: Watched,
  ): Promise<DashboardServer> {
    let made: DashboardServer;
    try {
      made = new DashboardServer(settings, files, watched);
    } catch (cause) {
      const message = `certificate and key cannot be used (${reasonOf(cause)}), expected both in PEM, of one another`;
      throw new TopsparkError('tls', 'usage', message, { cause });
    }
    const server = made.#server;
    const { host, port } = settings;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
    } catch (cause) {
      made.#hub.close();
      const message = `cannot serve at ${host} port ${port}: ${reasonOf(cause)}; another --port or --host?`;
      throw new TopsparkError('cannot_listen', 'usage', message, { cause });
    }
    return made;
  }

  /** Port of the server. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Number of open pages. */
  get viewers(): number {
    return this.#hub.viewers;
  }

  /** Ends everything, including open pages. */
  async close(): Promise<void> {
    this.#hub.close();
    this.#sockets.close();
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
      this.#server.closeAllConnections();
    }, 200);
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '' } = request;
    const say = (code: number, sentence: string): void => {
      this.#send(response, method, code, { type: 'text/plain; charset=utf-8', body: Buffer.from(`${sentence}\n`) });
    };
    // No request needs a body, so none is awaited.
    if (Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined) {
      response.shouldKeepAlive = false;
      say(413, 'the request has a body, expected none');
      return;
    }
    const stranger = this.#access.refuseHost(request.headers);
    if (stranger !== undefined) {
      say(403, stranger);
      return;
    }
    if (method !== 'GET' && method !== 'HEAD') {
      say(405, `the method is ${method}, expected GET or HEAD`);
      return;
    }
    const [path] = url.split('?', 1);
    const file = this.files.get(path);
    if (file !== undefined) {
      const zipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      const encoding = zipped ? { 'Content-Encoding': 'gzip' } : {};
      const { type, body } = file;
      this.#send(
        response,
        method,
        200,
        { type, body: zipped ? file.zipped : body },
        { ...encoding, Vary: 'Accept-Encoding' },
      );
    } else if (path === '/healthz') {
      const { silence } = this.#hub;
      say(silence === '' ? 200 : 503, silence === '' ? 'the node is active' : silence);
    } else if (path === '/access') {
      const given = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1];
      const refused = this.#access.refuseToken(given);
      say(refused === undefined ? 200 : 401, refused ?? 'welcome');
    } else say(404, `there is nothing here: expected ${[...this.files.keys(), '/healthz'].join(', ')}`);
  }

  #send(
    response: ServerResponse,
    method: string,
    code: number,
    { type, body }: Pick<PageFile, 'type' | 'body'>,
    more: Readonly<Record<string, string>> = {},
  ): void {
    response.writeHead(code, { ...headers, ...more, 'Content-Type': type, 'Content-Length': body.length });
    response.end(method === 'HEAD' ? undefined : body);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refused = this.#refuseUpgrade(request);
    socket.on('error', () => {
      socket.destroy();
    });
    if (refused !== undefined) {
      const [code, sentence] = refused;
      const length = Buffer.byteLength(sentence);
      socket.end(
        `HTTP/1.1 ${code}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${sentence}`,
      );
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      this.#hub.add(opened);
    });
  }

  #refuseUpgrade({ url, headers: given }: IncomingMessage): [string, string] | undefined {
    const stranger = this.#access.refuseHost(given) ?? this.#access.refuseOrigin(given);
    if (stranger !== undefined) return ['403 Forbidden', stranger];
    if (url !== '/node') return ['404 Not Found', 'there is no such WebSocket, expected /node'];
    const protocols = (given['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    if (!protocols.includes(subprotocol)) {
      return ['400 Bad Request', `the page speaks another protocol than ${subprotocol}: load it again`];
    }
    const token = protocols.find((each) => each.startsWith(tokenPrefix))?.slice(tokenPrefix.length);
    const unknown = this.#access.refuseToken(token);
    if (unknown !== undefined) return ['401 Unauthorized', unknown];
    if (this.viewers >= mostViewers) {
      return ['503 Service Unavailable', `${mostViewers} pages are open, which is the most: close one`];
    }
    return undefined;
  }
}
