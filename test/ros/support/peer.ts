import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Quality of service of the peer's end; reliable, volatile, depth 10 by default. */
export interface PeerQos {
  readonly reliability?: 'reliable' | 'best_effort';
  readonly durability?: 'volatile' | 'transient_local';
  readonly depth?: number;
}

/** Fields of a message. */
export type Fields = Readonly<Record<string, unknown>>;

/** Response of a service with these two fields. */
export interface Outcome {
  readonly success: boolean;
  readonly message: string;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** An rclpy process, driven from a test; see peer.py. Every wait has a timeout of its own. */
export class Peer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #errors = '';

  private constructor(environment: NodeJS.ProcessEnv) {
    this.#child = spawn('python3', [fileURLToPath(new URL('peer.py', import.meta.url))], { env: environment });
    this.#child.stderr.on('data', (data: Buffer) => {
      this.#errors += data.toString();
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#hear(line);
    });
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`peer ended (${code}): ${this.#errors}`));
    });
  }

  /** Starts a peer that is ready for commands. */
  static async start(environment: NodeJS.ProcessEnv): Promise<Peer> {
    const peer = new Peer(environment);
    await peer.#answer(0);
    return peer;
  }

  /** Publishes messages in order, `rate` a second (0: at once), once a subscriber is matched. */
  async publish(
    type: string,
    topic: string,
    messages: readonly (Fields | Uint8Array)[],
    options: { qos?: PeerQos; rate?: number; subscribers?: number } = {},
  ): Promise<void> {
    await this.#command('publish', { type, topic, messages, ...options });
  }

  /** Publishes `count` colour images that the peer generates itself. */
  async film(
    topic: string,
    options: { width: number; height: number; count: number; rate: number; qos: PeerQos },
  ): Promise<void> {
    await this.#command('film', { topic, ...options });
  }

  /** Collects the messages of a topic under `key`. */
  async subscribe(key: string, type: string, topic: string, qos: PeerQos = {}): Promise<void> {
    await this.#command('subscribe', { key, type, topic, qos });
  }

  /** Waits for `count` messages received under `key` whose fields match `where`, and returns them. */
  async messages<T>(key: string, count: number, options: { timeout?: number; where?: Fields } = {}): Promise<T[]> {
    return (await this.#command('messages', { key, count, ...options })) as T[];
  }

  /** Forgets what was received under `key`. */
  async forget(key: string): Promise<void> {
    await this.#command('forget', { key });
  }

  /** Calls a service. */
  async call<T = Outcome>(type: string, service: string, request: Fields = {}, timeout = 60): Promise<T> {
    return (await this.#command('call', { type, service, request, timeout })) as T;
  }

  /** Calls a service as fast as it replies, with 8 calls in flight, and waits for all replies. Returns their number. */
  async flood(type: string, service: string, request: Fields, seconds: number): Promise<number> {
    return (await this.#command('flood', { type, service, request, seconds })) as number;
  }

  /** Waits until a service has that many servers. */
  async services(service: string, count: number): Promise<void> {
    await this.#command('services', { service, count });
  }

  /** Full names of the nodes that publish and subscribe to a topic. */
  async endpoints(topic: string): Promise<{ publishers: string[]; subscribers: string[] }> {
    return (await this.#command('endpoints', { topic })) as { publishers: string[]; subscribers: string[] };
  }

  /** Full names of what a node publishes, subscribes to and serves. */
  async graph(name: string, namespace: string): Promise<Record<'publishers' | 'subscribers' | 'services', string[]>> {
    return (await this.#command('graph', { name, namespace })) as Awaited<ReturnType<Peer['graph']>>;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    this.#child.kill('SIGKILL');
    await ended;
  }

  #command(op: string, fields: Fields): Promise<unknown> {
    const id = this.#next++;
    this.#child.stdin.write(`${JSON.stringify({ id, op, ...fields }, encode)}\n`);
    return this.#answer(id);
  }

  #answer(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #hear(line: string): void {
    // The middleware also writes denials to standard output, and leaves its colours before the next line.
    const [answer] = /\{"id": .*\}$/.exec(line) ?? [];
    if (answer === undefined) return;
    const { id, value, error } = JSON.parse(answer, decode) as { id: number; value?: unknown; error?: string };
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }
}

function encode(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  return typeof value === 'number' && !Number.isFinite(value) ? { $float: String(value).toLowerCase() } : value;
}

function decode(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$float' in value)) return value;
  return { nan: NaN, inf: Infinity, '-inf': -Infinity }[String(value.$float)];
}
