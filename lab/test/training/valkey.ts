import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Valkey server for one test, on a free port of this machine. */
export class Valkey {
  readonly folder = mkdtempSync(join(tmpdir(), 'topspark-valkey-'));
  #child: ChildProcess | undefined;

  private constructor(
    readonly server: string,
    readonly port: number,
    readonly options: readonly string[],
  ) {}

  /** Starts one. @param options - of the server's command line */
  static async start(server: string, ...options: string[]): Promise<Valkey> {
    const valkey = new Valkey(server, await freePort(), options);
    await valkey.start();
    return valkey;
  }

  /** URL for `--queue`. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again after {@link Valkey.stop}, with the data that it wrote to disk. */
  async start(): Promise<void> {
    const fixed = ['--dir', this.folder, '--appendonly', 'yes', '--bind', '127.0.0.1'];
    const port = this.options.includes('--tls-port') ? [] : ['--port', String(this.port)];
    const options = this.options.map((option) => option.replace('PORT', String(this.port)));
    const child = spawn(this.server, [...fixed, ...port, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => {
        if (text.includes('Ready to accept connections')) resolve();
      });
      child.on('exit', (code) => {
        reject(new Error(`valkey-server ended with ${String(code)}`));
      });
    });
  }

  /** Stops it with SIGTERM, as an administrator would. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  /** Stops it and removes its files. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
