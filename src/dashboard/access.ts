import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { quoted } from '../base/quoted.js';

/** Who may open the page. */
export interface AccessSettings {
  /** Interface that the server is bound to: a name or an address. */
  readonly host: string;
  /** What whoever asks must know; `undefined`: nothing, for a server that hears this machine alone. */
  readonly token: string | undefined;
  readonly tls: boolean;
}

/** Headers of a request, as node:http tells them. */
export interface AskedBy {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

/** Whether an interface is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Who is answered. A page of another site that a browser has open must not speak to the robot: its requests carry its Origin,
 * and where its name was made to resolve to the robot (DNS rebinding), its own name as Host.
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
    // Ports differ behind a tunnel; the name is what counts.
    const name = (/^\[([\da-f:.]+)\](:\d+)?$/i.exec(host) ?? /^([^:]*)(:\d+)?$/.exec(host))?.[1]?.toLowerCase() ?? '';
    // An address cannot be made to resolve to another.
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

  /** @returns why whoever shows this token is refused; `undefined`: it is not */
  refuseToken(given: string | undefined): string | undefined {
    if (this.#token === undefined) return undefined;
    if (given !== undefined && timingSafeEqual(digest(given), this.#token)) return undefined;
    return `${given === undefined ? 'no token was' : 'a wrong token was'} shown: open the address that topspark dashboard printed`;
  }
}

// Of one length, so that how long a comparison takes says nothing.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
