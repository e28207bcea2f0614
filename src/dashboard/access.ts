import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { quoted } from '../base/quoted.js';

/** Settings of the access to the page. */
export interface AccessSettings {
  /** Interface that the server is bound to: a name or an address. */
  readonly host: string;
  /** Secret that a request must show; `undefined`: none, for a server that only this machine can reach. */
  readonly token: string | undefined;
  readonly tls: boolean;
}

/** Headers of a request, as in node:http. */
export interface AskedBy {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

/** Whether an interface can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Decides which requests are answered. A page of another site in the same browser must not reach the robot. Its
 * requests carry its own Origin and, where its name resolves to the robot (DNS rebinding), this name as Host.
 */
export class Access {
  readonly #names: ReadonlySet<string>;
  readonly #loopback: boolean;
  readonly #scheme: string;
  readonly #token: Buffer | undefined;

  constructor({ host, token, tls }: AccessSettings) {
    this.#loopback = isLoopback(host);
    const own = hostname().toLowerCase();
    this.#names = new Set(['localhost', ...(this.#loopback ? [] : [own, `${own}.local`, host.toLowerCase()])]);
    this.#scheme = tls ? 'https' : 'http';
    this.#token = token === undefined ? undefined : digest(token);
  }

  /** @returns why such a request is refused; `undefined`: it is not */
  refuseHost({ host = '' }: AskedBy): string | undefined {
    // Only the name counts, since ports differ behind a tunnel.
    const name = (/^\[([\da-f:.]+)\](:\d+)?$/i.exec(host) ?? /^([^:]*)(:\d+)?$/.exec(host))?.[1]?.toLowerCase() ?? '';
    // An address cannot be rebound.
    const known = this.#names.has(name) || (isIP(name) !== 0 && (!this.#loopback || isLoopback(name)));
    if (known) return undefined;
    const expected = [...this.#names, this.#loopback ? '127.0.0.1' : 'an address'].join(', ');
    return `the header Host is ${quoted(host)}, expected ${expected}: open the page by one of them`;
  }

  /** @returns why a WebSocket that such a page opens is refused; `undefined`: it is not */
  refuseOrigin({ host = '', origin }: AskedBy): string | undefined {
    const expected = `${this.#scheme}://${host}`;
    if (origin?.toLowerCase() === expected.toLowerCase()) return undefined;
    const found = origin === undefined ? 'there is no header Origin' : `the header Origin is ${quoted(origin)}`;
    return `${found}, expected ${quoted(expected)}: only this dashboard's own page may speak to it`;
  }

  /** @returns why a request with this token is refused; `undefined`: it is not */
  refuseToken(given: string | undefined): string | undefined {
    if (this.#token === undefined) return undefined;
    if (given !== undefined && timingSafeEqual(digest(given), this.#token)) return undefined;
    return `${given === undefined ? 'no token was' : 'a wrong token was'} given: open the address that topspark dashboard printed`;
  }
}

// Digests of equal length, so that the time of a comparison reveals nothing.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
