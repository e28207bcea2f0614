import { isIP } from 'node:net';
import { Redis } from 'ioredis';
import { TopsparkError } from 'topspark/base/errors.js';
import { buildIdentity } from './build-identity.js';

/** A connection to the server of a queue. */
export interface QueueConnection {
  readonly redis: Redis;
  /** Rejects with `queue_lost` when the server has been unreachable for longer than the patience; never resolves. */
  readonly lost: Promise<never>;
  /** Address without password, for messages. */
  readonly address: string;
  close(): void;
}

/** Prefix of the keys of all our queues. */
export const queuePrefix = 'topspark';

/** Name of the queue for jobs of this build. Workers of another build use another queue and do not see them. */
export function queueName(): string {
  return `jobs-${buildIdentity().slice(0, 16)}`;
}

/**
 * Connects to a Valkey or Redis server.
 *
 * @param url - `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS. Where it has no password,
 *   that of the environment variable TOPSPARK_QUEUE_PASSWORD is used. Certificates in NODE_EXTRA_CA_CERTS are trusted
 * @param patience - how long the server may be unreachable once connected [s]
 * @throws {@link TopsparkError} `bad_queue` or `queue_unreachable`, naming the address and the reason
 */
export async function connectQueue(url: string, patience: number): Promise<QueueConnection> {
  const { hostname, port, username, password, pathname, protocol, host } = parseUrl(url);
  const address = `${protocol}//${host}${pathname}`;
  let reached = false;
  let reason = 'no answer';
  const secret = password === '' ? process.env['TOPSPARK_QUEUE_PASSWORD'] : decodeURIComponent(password);
  const server = hostname.replace(/^\[(.*)\]$/, '$1');
  const redis = new Redis({
    host: server,
    port: port === '' ? 6379 : Number(port),
    db: Number(pathname.slice(1)),
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(secret !== undefined && { password: secret }),
    // A certificate is checked against an IP address, too, but only a host name may be sent as server name (RFC 6066).
    ...(protocol === 'rediss:' && { tls: isIP(server) === 0 ? { servername: server } : {} }),
    lazyConnect: true,
    connectTimeout: 5000,
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => (reached ? Math.min(100 * times, 2000) : null),
  });
  redis.on('error', (error: Error) => {
    reason = error.message === '' ? ((error as NodeJS.ErrnoException).code ?? reason) : error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
    reached = true;
  } catch (cause) {
    redis.disconnect();
    const own = cause instanceof Error && !cause.message.startsWith('Connection is closed') ? cause.message : reason;
    const message = `queue ${address} cannot be used: ${own}; expected a Valkey or Redis server that lets us in`;
    throw new TopsparkError('queue_unreachable', 'usage', message, { cause });
  }
  const close = (): void => {
    redis.disconnect();
  };
  return { redis, address, lost: watch(redis, address, patience), close };
}

function watch(redis: Redis, address: string, patience: number): Promise<never> {
  const lost = new Promise<never>((_, reject) => {
    let timer: NodeJS.Timeout | undefined;
    redis.on('close', () => {
      timer ??= setTimeout(() => {
        const message = `queue ${address} went away and did not come back within ${patience} s; what is finished is kept`;
        reject(new TopsparkError('queue_lost', 'data', message));
      }, patience * 1000);
    });
    const stop = (): void => {
      clearTimeout(timer);
      timer = undefined;
    };
    redis.on('ready', stop);
    redis.on('end', stop);
  });
  lost.catch(() => undefined); // prevents an unhandled rejection while nobody awaits it
  return lost;
}

function parseUrl(url: string): URL {
  const found = URL.canParse(url) ? new URL(url) : undefined;
  if (found && /^rediss?:$/.test(found.protocol) && found.hostname !== '' && /^(\/\d*)?$/.test(found.pathname)) {
    return found;
  }
  // The message does not repeat the text, since it may contain a password.
  const message = `--queue is no address of a queue, expected redis://HOST[:PORT] or rediss://HOST[:PORT]`;
  throw new TopsparkError('bad_queue', 'usage', message);
}
