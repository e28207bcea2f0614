import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy to a port of this machine that can be cut and mended, and counts the bytes that pass. */
export class CutLine {
  /** Bytes sent to the target; `down`: received from it. */
  up = 0;
  down = 0;
  #cut = false;
  #stalled = false;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly server: Server,
    readonly target: number,
  ) {
    server.on('connection', (near) => {
      if (this.#cut) {
        near.destroy();
        return;
      }
      const far = connect(target, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        this.#sockets.add(one);
        if (this.#stalled) one.pause();
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
      near.on('data', (bytes: Buffer) => {
        this.up += bytes.length;
        far.write(bytes);
      });
      far.on('data', (bytes: Buffer) => {
        this.down += bytes.length;
        near.write(bytes);
      });
    });
  }

  static async open(target: number): Promise<CutLine> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new CutLine(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Closes all connections, and refuses new ones. */
  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Lets no byte pass, but leaves all connections open, as a network that went away does. */
  stall(): void {
    this.#stalled = true;
    for (const socket of this.#sockets) socket.pause();
  }

  mend(): void {
    this.#cut = this.#stalled = false;
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}
