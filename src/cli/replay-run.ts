import { setTimeout } from 'node:timers/promises';
import { Agent } from '../agent/agent.js';
import type { AgentEvent, AgentInput, DecisionEvent, PlaceEvent, QuestionEvent } from '../agent/events.js';
import type { AgentSettings } from '../agent/agent-settings.js';
import { monotonic, type Clock } from '../base/time.js';
import { TopsparkError } from '../base/errors.js';
import type { BagMessage } from '../bag/bag-file.js';
import type { BagReader } from '../bag/bag-reader.js';
import { isSensor, nothingHeard, type BagInput } from '../bag/bag-topics.js';
import { MessageDecoder } from '../bag/message-decoder.js';
import { batteryEvent, checkSize, classEditEvent, labelEvent, motionEvent, sensorEvent } from '../node/messages.js';
import type { ModeName } from '../timestep/controller/modes.js';

/** Options of a replay. */
export interface ReplayOptions {
  readonly settings: AgentSettings;
  /** Topics in use. */
  readonly topics: ReadonlyMap<string, BagInput>;
  readonly mode: ModeName | 'AUTO';
  /** Times real time; 0: as fast as possible. */
  readonly rate: number;
}

/** Result of a replay. */
export interface ReplayResult {
  /** SHA-256 (hex) of everything learned, as in a node with the same messages at the same operating points. */
  readonly weightsHash: string;
  /** Messages of the topics in use. */
  readonly messages: number;
  readonly decisions: number;
  readonly learned: number;
  /** Samples that repeated the answer before; absent where there were none. */
  readonly repeated?: number;
  readonly labelled: number;
  /** Labels whose samples did not come before the bag ended. */
  readonly labelsWaiting: number;
  /** Refused or skipped messages, and why. */
  readonly refused: number;
  readonly refusedByCause: Readonly<Record<string, number>>;
  /** The first sentence of each cause that has one. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Accuracy by the labels in the bag, except corrections, answers and teaching; answers come before their labels. */
  readonly accuracy?: number;
  /** Energy of the network [J]. */
  readonly energy: number;
  /** Recorded time [s]. */
  readonly duration: number;
  /** What could not be read, and other notes for the user. */
  readonly problems: readonly string[];
  /** Why nothing was decided; absent where something was. */
  readonly undecided?: string;
}

/** Time by the log times of a bag, which may go back; latencies are measured in real time. */
class BagClock implements Clock {
  readonly monotonic = monotonic;
  /** Log time of the last message, and elapsed time, which never goes back [ns]; in an ordinary bag both are equal. */
  #logTime = 0n;
  #passed = 0n;

  /** Advances to the log time of a message [ns]. */
  reach(logTime: bigint): void {
    if (logTime > this.#logTime) this.#passed += logTime - this.#logTime;
    this.#logTime = logTime;
  }

  get passed(): bigint {
    return this.#passed;
  }

  date(): number {
    return Number(this.#logTime) / 1e9;
  }

  elapsed(): number {
    return Number(this.#passed) / 1e9;
  }
}

/** An agent that reads a bag instead of topics. */
export class Replay {
  readonly agent: Agent;
  /** Called with each question and the log time of its message [ns]. */
  onQuestion: (event: QuestionEvent, logTime: bigint) => Promise<void> | void = () => undefined;
  /** Called with each change of the place, after the decision that caused it, and the log time of its message [ns]. */
  onPlace: (place: PlaceEvent, logTime: bigint) => Promise<void> | void = () => undefined;
  readonly #clock = new BagClock();
  readonly #decoder = new MessageDecoder();
  readonly #refused = new Map<string, number>();
  readonly #reasons = new Map<string, string>();
  readonly #notices: string[] = [];
  #firstRefused: string | undefined;
  #lastRefused: string | undefined;
  #messages = 0;
  #samples = 0;
  #first: bigint | undefined;
  #ticked = 0n;
  /** Whether the bag records which samples were found by labels without a stamp. */
  #recorded = false;

  constructor(readonly options: ReplayOptions) {
    this.agent = new Agent(options.settings, this.#clock);
    this.agent.forceMode(options.mode);
  }

  /**
   * Passes the whole bag to the agent.
   *
   * @param decided - called with each decision, the log time of its message [ns], and recorded time since the first
   *   message [s]
   * @param progress - called with the number of bytes read
   * @throws {@link TopsparkError} `bag_without_samples` naming the topics of the bag, `bag_without_messages` saying why
   *   nothing in it can be read
   */
  async run(
    bag: BagReader,
    decided: ((event: DecisionEvent, logTime: bigint, seconds: number) => Promise<void> | void) | undefined,
    progress: (bytes: number) => void,
  ): Promise<ReplayResult> {
    const events: AgentEvent[] = [];
    this.agent.onEvent = (event) => events.push(event);
    const { topics } = this.options;
    this.#recorded = bag.channels.some(({ topic }) => topics.get(topic)?.input === 'taught');
    const began = performance.now();
    let done = 0;
    for (const message of bag.messages((topic) => topics.has(topic))) {
      progress(bag.done - done);
      done = bag.done;
      const heard = topics.get(message.channel.topic);
      if (heard === undefined) continue;
      this.#clock.reach(message.logTime);
      this.#first ??= this.#clock.passed;
      await this.#untilDue(this.#clock.passed - this.#first, began);
      this.#hear(message, heard);
      // No sample is skipped for coming too fast, since a bag can wait.
      this.agent.finish();
      for (const event of events.splice(0)) {
        if (event.kind === 'notice') this.#notices.push(`${event.topic}: ${event.message}`);
        if (event.kind === 'refusal' && isSensor(event.topic)) this.#lastRefused = event.message;
        if (event.kind === 'refusal') this.#explain(event.cause, event.message);
        if (event.kind === 'question') await this.onQuestion(event, message.logTime);
        if (event.kind === 'place') await this.onPlace(event, message.logTime);
        if (event.kind !== 'decision') continue;
        await decided?.(event, message.logTime, Number(this.#clock.passed - this.#first) / 1e9);
      }
    }
    this.agent.rest();
    const result = this.#result([...bag.problems, ...this.#notices]);
    if (this.#samples === 0) throw nothingHeard(bag, topics, this.#firstRefused);
    return result;
  }

  // The first sentence of a cause is reported for all of them.
  #explain(cause: string, message: string): void {
    if (message !== '' && !this.#reasons.has(cause)) this.#reasons.set(cause, message);
  }

  #hear(message: BagMessage, { input, type }: BagInput): void {
    this.#messages++;
    // The node checks battery and mode once a second.
    if (this.#clock.passed - this.#ticked >= 1_000_000_000n) {
      this.#ticked = this.#clock.passed;
      this.agent.tick();
    }
    try {
      if (message.channel.type !== type) {
        const found = `${message.channel.topic} has messages of ${message.channel.type}`;
        throw new TopsparkError('bag_type', 'data', `${found}, expected ${type} for ${input}`);
      }
      checkSize(message.data, this.options.settings.input.maxBytes);
      const taken = this.#input(input, this.#decoder.decode(message));
      // The same label is in `taught`, with the stamp of its sample.
      const again = taken.topic === 'label' && taken.event.stamp === 0n && this.#recorded;
      if (!again) this.agent.take(taken);
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      this.#refused.set(error.code, (this.#refused.get(error.code) ?? 0) + 1);
      this.#explain(error.code, error.message);
      if (isSensor(input)) this.#firstRefused ??= error.message;
    }
  }

  // Fields have the names and types of rclnodejs.
  #input(input: string, message: unknown): AgentInput {
    if (input === 'label' || input === 'taught') {
      return { topic: 'label', event: labelEvent(message as Parameters<typeof labelEvent>[0]) };
    }
    if (input === 'class_edit') {
      return { topic: 'class_edit', event: classEditEvent(message as Parameters<typeof classEditEvent>[0]) };
    }
    if (input === 'battery_state') {
      return { topic: 'battery_state', event: batteryEvent(message as Parameters<typeof batteryEvent>[0]) };
    }
    if (input === 'odom') return { topic: 'odom', event: motionEvent(message as Parameters<typeof motionEvent>[0]) };
    this.#samples++;
    const stamped = message as Parameters<typeof sensorEvent>[1];
    return { topic: 'sensor', event: sensorEvent(input, stamped, this.#clock.monotonic()) };
  }

  /** @param passed - recorded time since the first message [ns] */
  async #untilDue(passed: bigint, began: number): Promise<void> {
    const { rate } = this.options;
    if (rate === 0) return;
    const due = Number(passed) / 1e6 / rate;
    const wait = due - (performance.now() - began);
    if (wait > 1) await setTimeout(wait);
  }

  #result(problems: readonly string[]): ReplayResult {
    const status = this.agent.status();
    const causes = new Map(this.#refused);
    for (const [cause, count] of status.dropped) causes.set(cause, (causes.get(cause) ?? 0) + count);
    return {
      weightsHash: this.agent.snapshot().weightsHash,
      messages: this.#messages,
      decisions: status.decided,
      learned: status.learned,
      ...(status.repeats > 0 && { repeated: status.repeats }),
      labelled: status.labelled,
      labelsWaiting: status.labelsWaiting,
      refused: [...causes.values()].reduce((sum, each) => sum + each, 0),
      refusedByCause: Object.fromEntries(causes),
      reasons: Object.fromEntries(this.#reasons),
      ...(status.tested > 0 && { accuracy: status.right / status.tested }),
      energy: status.energyUsed,
      duration: this.#first === undefined ? 0 : Number(this.#clock.passed - this.#first) / 1e9,
      problems,
      ...(status.decided === 0 && { undecided: this.#undecided(causes) }),
    };
  }

  #undecided(causes: ReadonlyMap<string, number>): string {
    const found = `${this.#samples} sensor messages were read, but none was decided`;
    const counted = [...causes].map(([cause, count]) => `${cause} ${count}`).join(', ');
    const why = this.#lastRefused ?? 'no sample was complete: an IMU needs messages of a whole imu.window';
    return counted === '' ? `${found}; ${why}` : `${found}: ${counted}; the last: ${why}`;
  }
}
