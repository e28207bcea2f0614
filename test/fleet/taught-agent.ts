import { Agent } from '../../src/agent/agent.js';
import type { AgentEvent } from '../../src/agent/events.js';
import { Random } from '../../src/base/random.js';
import { clockFrom } from '../../src/base/time.js';
import { smallAgent } from '../agent/settings.js';
import { grey } from '../sensing/frames.js';
import { imageMessage } from '../sensing/messages.js';

const side = 8;

/** An agent that sees noisy bars: `a` vertical on the left, `b` vertical on the right, `c` horizontal. */
export class TaughtAgent {
  readonly agent: Agent;
  readonly events: AgentEvent[] = [];
  /** Stamps of the samples so far [ns]. */
  readonly stamps: bigint[] = [];
  readonly #random: Random;
  #samples = 0;

  /** @param seed - of the noise */
  constructor(seed: number, memory = 300) {
    this.agent = new Agent(
      { ...smallAgent, network: { ...smallAgent.network, neurons: 40, memory } },
      clockFrom(() => this.#samples),
    );
    this.agent.onEvent = (event) => this.events.push(event);
    this.#random = new Random(seed);
  }

  /** Shows a sample of a kind. @returns its stamp */
  see(kind: string): bigint {
    const random = this.#random;
    const [x, y] = [1 + random.below(2) + (kind === 'b' ? 4 : 0), 1 + random.below(5)];
    const noise = Array.from({ length: side * side }, () => random.below(40));
    const lit = (i: number, j: number): boolean => (kind === 'c' ? j === y : i === x);
    const message = imageMessage(grey(side, side, (i, j) => (lit(i, j) ? 200 : 0) + noise[j * side + i]));
    const stamp = BigInt(++this.#samples);
    this.agent.take({
      topic: 'sensor',
      event: { sensor: 'image', stamp, frameId: 'camera', taken: this.#samples, message },
    });
    this.agent.finish();
    this.stamps.push(stamp);
    return stamp;
  }

  /** Labels a sample. */
  name(stamp: bigint, name: string): void {
    this.agent.take({ topic: 'label', event: { stamp, name } });
    this.agent.finish();
  }

  /** Shows this many samples of a kind, each labelled. */
  teach(kind: string, count: number, name = kind): this {
    for (let k = 0; k < count; k++) this.name(this.see(kind), name);
    return this;
  }

  /** Answers to all samples so far. */
  get answers(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'decision' ? [event.label] : []));
  }

  /** Causes of all refusals so far. */
  get refused(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'refusal' ? [event.cause] : []));
  }
}
