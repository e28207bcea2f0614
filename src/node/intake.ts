import type { MessageTypeClassName } from 'rclnodejs';
import type { Agent } from '../agent/agent.js';
import type { StageMarks } from '../agent/stages.js';
import type { Clock } from '../base/time.js';
import { InputReader, readInput, type InputTopic } from './messages.js';

/** Limits of every input. */
export interface InputLimits {
  /** Larger messages are refused unread [byte]. */
  readonly maxBytes: number;
  /** Most messages of a topic taken within a second; 0: no limit. */
  readonly maxRate: number;
}

/** Shortest wait that is worth it [s]: closing and opening a subscription costs as much as taking a small message. */
const shortest = 0.005;

/** Shared parts of the intakes of a node. */
export interface IntakeParts {
  readonly agent: Pick<Agent, 'take' | 'wait'>;
  /** Messages so far by the name of the topic, readable or not. */
  readonly taken: Map<string, number>;
  readonly marks: StageMarks;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly limits: InputLimits;
}

/**
 * Handles each message of a topic taken from the middleware: counts it, reads it, passes it to the agent, and pauses
 * the subscription where fewer are wanted.
 */
export class Intake<T extends MessageTypeClassName = MessageTypeClassName> {
  /** Whether messages are wanted only as fast as the agent decides. */
  paced = false;
  readonly #reader: InputReader<T>;
  readonly #limit: RateLimit;

  /**
   * @param topic - converts its messages into inputs of the agent
   * @param place - relative name of the topic, for sentences
   * @param definitions - fields of the type and of its nested types
   * @param pause - ends the taking of messages for a time [s]
   */
  constructor(
    readonly topic: InputTopic<T>,
    readonly place: string,
    definitions: ConstructorParameters<typeof InputReader<T>>[1],
    readonly parts: IntakeParts,
    readonly pause: (wait: number) => void,
  ) {
    this.#reader = new InputReader(topic.type, definitions, parts.limits.maxBytes);
    this.#limit = new RateLimit(parts.limits.maxRate);
  }

  /**
   * Takes a message as its bytes (CDR).
   *
   * @param giveBack - call it when nothing reads the bytes any more; absent: the message owns them
   */
  take(bytes: Uint8Array, giveBack?: () => void): void {
    const { agent, taken, marks, clock } = this.parts;
    const { name } = this.topic;
    marks.mark('take');
    taken.set(name, 1 + (taken.get(name) ?? 0));
    const input = readInput(this.topic, this.#reader, bytes, giveBack);
    marks.mark('convert');
    agent.take(input);
    // A sensor's message is given back when its sample has been encoded; nothing is kept of other topics.
    if (input.topic !== 'sensor') giveBack?.();
    const limited = this.#limit.count(clock);
    if (limited > 0) this.#reportLimit(limited);
    const wait = this.paced ? Math.max(limited, agent.wait) : limited;
    if (wait >= shortest) this.pause(wait);
  }

  // The number of lost messages is unknown: the middleware keeps the newest, and does not report the others.
  #reportLimit(wait: number): void {
    const { agent, limits } = this.parts;
    const found = `${this.place} sent input.max_rate = ${limits.maxRate} messages within a second`;
    const message = `${found}: none is taken for ${wait.toFixed(2)} s, and only the newest of that time are kept`;
    agent.take({
      topic: 'unread',
      event: { kind: 'refusal', topic: this.topic.name, cause: 'input_limited', message },
    });
  }
}

/**
 * Limits messages per second, and returns how long to wait for the next. It reads the clock only at the first and the
 * last message of a second, so most messages pass without it.
 */
export class RateLimit {
  #begun = -Infinity;
  #count = 0;

  /** @param most - messages within a second; 0: any number */
  constructor(readonly most: number) {}

  /**
   * Counts a message.
   *
   * @param clock - elapsed time; if it goes back, counting starts again
   * @returns time until the next may be taken [s]; 0: now
   */
  count(clock: Pick<Clock, 'elapsed'>): number {
    if (this.most === 0) return 0;
    // Below one message per second the period is longer than a second.
    const period = Math.max(1, 1 / this.most);
    const last = Math.floor(this.most * period);
    this.#count++;
    if (this.#count > 1 && this.#count < last) return 0;
    const now = clock.elapsed();
    if (this.#count === 1 || now - this.#begun >= period || now < this.#begun) {
      this.#begun = now;
      this.#count = 1;
    }
    return this.#count < last ? 0 : this.#begun + period - now;
  }
}

/** A message in reused memory. */
export interface Lent {
  /** The message (CDR); valid until it is given back. */
  readonly bytes: Buffer;
  /** Call it when nothing reads the message any more. */
  readonly giveBack: () => void;
}

/** Size of the first piece of memory, enough for most messages without a body, and of the largest kept piece [byte]. */
const [least, most] = [2048, 2 ** 25];

class Piece implements Lent {
  bytes: Buffer;
  lent = false;
  readonly giveBack = (): void => {
    this.lent = false;
  };

  constructor(readonly all: Buffer) {
    this.bytes = all;
  }

  /** Makes the message the first bytes of the memory. */
  holds(length: number): void {
    if (length !== this.bytes.length) this.bytes = this.all.subarray(0, length);
  }
}

/**
 * Memory for the messages of a subscription, one after the other. If the last one is still in use, the next gets new
 * memory; that of the last is released when nothing reads it any more.
 */
export class MessageMemory {
  #piece = new Piece(Buffer.allocUnsafeSlow(least));
  readonly #take: (bytes: Buffer) => number | Buffer;

  /**
   * @param take - takes the next message into the given bytes. Returns its length, a Buffer with the message if they
   *   are too few, or -1 if there is none
   */
  constructor(take: (bytes: Buffer) => number | Buffer) {
    this.#take = take;
  }

  /** The next message; `undefined` if there is none. */
  take(): Lent | undefined {
    const free = this.#piece.lent ? new Piece(Buffer.allocUnsafeSlow(this.#piece.all.length)) : this.#piece;
    const got = this.#take(free.all);
    if (got === -1) return undefined;
    const piece = typeof got === 'number' ? free : new Piece(got);
    if (typeof got === 'number') piece.holds(got);
    if (piece.all.length <= most) this.#piece = piece;
    piece.lent = true;
    return piece;
  }
}
