import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../base/errors.js';
import { MessageMemory } from '../node/intake.js';
import { native } from './rclnodejs.js';

/** The addon; arrivals.c says what its functions do. */
interface Addon {
  learn(handle: unknown): boolean;
  listen(subscription: unknown, slot: number, arrived: Arrived): boolean;
  ignore(slot: number): void;
  take(subscription: unknown, bytes: Buffer): number | Buffer;
  publish(publisher: unknown, bytes: Buffer, length: number): void;
}

const functions = ['learn', 'listen', 'ignore', 'take', 'publish'] as const satisfies readonly (keyof Addon)[];

/** Called when messages have arrived. It takes one, returns whether there was one, and must not throw. */
type Arrived = () => boolean;

/** Most subscriptions at once, as `slots` in arrivals.c; rclnodejs's waiting thread serves any more. */
const most = 64;

/**
 * Reports messages as soon as the middleware has them, on the JavaScript thread and without a waiting thread. One
 * instance serves the process.
 */
export class Arrivals {
  readonly #taken = new Array<boolean>(most).fill(false);

  /** @throws Error if the addon is of an older program, or does not support these handles */
  constructor(readonly addon: Addon) {
    const lacking = functions.find((name) => typeof addon[name] !== 'function');
    if (lacking !== undefined) throw new Error(`it has no function ${lacking}, \`npm run setup\` builds it again`);
    if (!addon.learn(native.createTimePoint(0n, 1))) throw new Error('handles of rclnodejs are not as expected');
  }

  /**
   * Listens from now on, and reports messages that have already come.
   *
   * @param subscription - its handle
   * @returns a function that stops it, to be called before the subscription is destroyed; `undefined`: it is not
   *   possible
   */
  listen(subscription: unknown, arrived: Arrived): (() => void) | undefined {
    const slot = this.#taken.indexOf(false);
    if (slot < 0 || !this.addon.listen(subscription, slot, arrived)) return undefined;
    this.#taken[slot] = true;
    return () => {
      this.addon.ignore(slot);
      this.#taken[slot] = false;
    };
  }

  /** Creates the memory for the messages of a subscription. @param subscription - its handle */
  memory(subscription: unknown): MessageMemory {
    return new MessageMemory(this.addon.take.bind(this.addon, subscription));
  }
}

/** Publishes the first bytes of a buffer as a message (CDR). @throws where the middleware refuses it */
export type PublishBytes = (bytes: Buffer, length: number) => void;

/**
 * Publishes by the addon; where that is absent by rclnodejs, whose wrappers take a few microseconds more.
 *
 * @param publisher - its handle
 */
export function bytesPublisher(publisher: unknown): PublishBytes {
  const all = arrivals();
  if (typeof all !== 'string') return all.addon.publish.bind(all.addon, publisher);
  return (bytes, length) => {
    native.publishRawMessage(publisher, bytes.subarray(0, length));
  };
}

/** The instance of the process, or why there is none. */
let opened: Arrivals | string | undefined;

/**
 * The reporter of arrivals.
 *
 * @returns the reason as the end of a sentence, if the addon was not built or does not load
 */
export function arrivals(): Arrivals | string {
  return (opened ??= open());
}

function open(): Arrivals | string {
  const file = fileURLToPath(new URL('arrivals.node', import.meta.url));
  const reason = file.replace(/node$/, 'absent');
  try {
    if (process.env['TOPSPARK_ARRIVALS'] === 'off') return 'TOPSPARK_ARRIVALS is off';
    if (existsSync(file)) return new Arrivals(createRequire(import.meta.url)(file) as Addon);
    return existsSync(reason) ? readFileSync(reason, 'utf8').trim() : 'it was not built, `npm run setup` does';
  } catch (error) {
    return `it does not load: ${reasonOf(error)}`;
  }
}
