import { setTimeout as after } from 'node:timers/promises';
import { refusal } from '../base/refusal.js';
import type { Fleet } from './fleet.js';
import { FleetServer } from './fleet-server.js';

/** Period of requests to the server [s], and the longest pause while it does not answer [s]. */
const [period, longest] = [10, 60];

/** The part of {@link Fleet} that this uses. */
export type ServedFleet = Pick<
  Fleet,
  'settings' | 'shelf' | 'sendRate' | 'time' | 'refuse' | 'hear' | 'onShared' | 'server' | 'sentToServer'
>;

/**
 * The fleet over a server. It regularly checks what other robots have put there, and uploads what this one shares.
 * Nothing waits for a server that is away; a transfer under way continues when it is back.
 */
export class FleetServerLink {
  readonly #closed = new AbortController();
  #server: FleetServer | undefined;
  #news = '';
  /** SHA-256 of the manifest uploaded last. */
  #pushed = '';
  #wake = new AbortController();
  #fault = 'being opened';

  constructor(readonly fleet: ServedFleet) {
    fleet.server = () => this.#server?.report ?? { address: '', state: this.#fault };
    fleet.onShared.push(() => {
      this.#wake.abort();
    });
    void this.#run();
  }

  /** Ends the exchange and disconnects. */
  close(): void {
    this.#closed.abort();
    this.#wake.abort();
    this.#server?.close();
  }

  async #run(): Promise<void> {
    const { settings, refuse } = this.fleet;
    let pause = period;
    while (!this.#isClosed()) {
      try {
        this.#server ??= await FleetServer.open(settings.server, settings.name, process.env);
        await this.#look(this.#server);
        pause = period;
      } catch (error) {
        if (this.#isClosed()) break;
        const event = refusal('fleet', error);
        this.#fault = event.message;
        refuse(event);
        pause = Math.min(longest, 2 * pause);
      }
      await this.#rest(this.#server?.report.state === 'connected' ? pause : 1);
    }
    this.#server?.close();
  }

  #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  async #look(server: FleetServer): Promise<void> {
    const { settings, shelf } = this.fleet;
    if (settings.receives) {
      const news = await server.news();
      if (news !== this.#news) {
        for (const offer of await server.offers()) this.fleet.hear(offer, 'server', server.sourceOf(offer.robot));
        this.#news = news;
      }
    }
    const { shared, offer } = shelf;
    if (!settings.shares || shared === undefined || offer === undefined || offer.manifest === this.#pushed) return;
    await server.push(shared, (bytes) => this.#pass(bytes));
    this.#pushed = offer.manifest;
  }

  // Uploads count towards the rate of everything that is sent.
  async #pass(bytes: number): Promise<void> {
    const { sendRate, time } = this.fleet;
    for (let wait = sendRate.wait(time()); wait > 0; wait = sendRate.wait(time())) {
      await after(1000 * wait, undefined, { signal: this.#closed.signal, ref: false });
    }
    sendRate.spend(bytes, time());
    this.fleet.sentToServer += bytes;
  }

  async #rest(seconds: number): Promise<void> {
    this.#wake = new AbortController();
    if (this.#isClosed()) return;
    try {
      await after(1000 * seconds, undefined, { signal: this.#wake.signal, ref: false });
    } catch {
      // Woken.
    }
  }
}
