import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TopsparkError } from 'topspark/base/errors.js';
import type { SimpleNode } from 'topspark/ros/open-node.js';
import { toNanoseconds } from 'topspark/base/time.js';
import type { Child } from './child-process.js';
import type { DemoEvent } from './demo-events.js';
import { hearAgent, hearRobot } from './listener.js';
import { warningIn } from './log-line.js';
import type { DemoOptions } from './demo-options.js';
import { startProcesses, type DemoProcesses } from './processes.js';
import type { Screen } from './screen.js';
import { summariseDemo, type Summary } from './summary.js';
import { DemoTally } from './demo-tally.js';
import { aborted, until } from './waiting.js';

/** Period of drawing the view [ms]. */
const drawEvery = 100;
/** Time limit for each step of the start: until the agent is active, until the first decision [ms]. */
const startLimit = 60_000;
/** Time limit for the agent's last status; it publishes one a second [ms]. */
const statusLimit = 2500;

/**
 * Runs the demo until all samples were shown or `stop` is aborted. In any case, no process and no file is left.
 *
 * @param screen - shows the run
 * @throws {@link TopsparkError} of kind `environment` where a process ended early or the agent never decided
 */
export async function runDemo(options: DemoOptions, screen: Screen, stop: AbortSignal): Promise<Summary> {
  const scratch = mkdtempSync(join(tmpdir(), 'topspark-demo-'));
  const demo = new Demo(options, screen, scratch);
  try {
    await demo.run(stop);
  } finally {
    await demo.end();
    rmSync(scratch, { recursive: true, force: true });
  }
  return demo.summary(stop.aborted);
}

class Demo {
  readonly #started = performance.now();
  readonly #tally: DemoTally;
  readonly #children: DemoProcesses;
  readonly #drawing: NodeJS.Timeout;
  #node: SimpleNode | undefined;
  #waiting: string;
  #firstDecision = NaN;

  constructor(
    readonly options: DemoOptions,
    readonly screen: Screen,
    scratch: string,
  ) {
    this.#tally = new DemoTally(options.samples);
    this.#waiting = `starting agent, ${options.world ? 'robot and building' : 'camera and battery'} …`;
    this.#children = startProcesses(options, scratch, (name, line) => {
      // The page prints its address.
      if (name === 'page' && line.includes(' at http')) screen.say(line);
      const warning = warningIn(line);
      if (warning !== undefined) screen.warn(`${name}: ${warning}`);
    });
    this.#drawing = setInterval(() => {
      this.#draw();
    }, drawEvery);
  }

  /** Settles when all samples were shown, or at `stop`. */
  async run(stop: AbortSignal): Promise<void> {
    const over = new AbortController();
    const course = this.#course(stop, over.signal);
    try {
      await Promise.race([course, this.#earlyEnd(stop)]);
    } finally {
      over.abort();
      await Promise.allSettled([course]);
    }
  }

  /** Ends all processes and closes the ROS node and the view; never rejects. */
  async end(): Promise<void> {
    clearInterval(this.#drawing);
    const { agent, source, others } = this.#children;
    await Promise.all([agent, source, ...others].map((child) => child.stop()));
    this.#node?.close();
    await Promise.allSettled([this.#node?.closed]);
    this.#draw();
    this.screen.end();
  }

  summary(interrupted: boolean): Summary {
    const { samples, rate, labels, neurons, seed } = this.options;
    const run = { samples, rate, labels, neurons, seed, interrupted };
    const secondsToFirstDecision = Number.isNaN(this.#firstDecision) ? null : this.#firstDecision;
    return summariseDemo(this.#tally.figures(), { ...run, secondsToFirstDecision, seconds: this.#elapsed() });
  }

  /**
   * The run, from the first message to the agent's last status.
   *
   * @param stop - aborted when the user stops the demo
   * @param over - aborted when the run is over or has failed
   */
  async #course(stop: AbortSignal, over: AbortSignal): Promise<void> {
    // Loading ROS takes a while; meanwhile the processes start.
    const { openNode } = await import('topspark/ros/open-node.js');
    const node = await openNode('topspark_demo', { argv: [], signals: false });
    this.#node = node;
    const hearing = this.#hear(node, AbortSignal.any([stop, over])).then(() => this.#lastStatus(node, over));
    await Promise.race([hearing, node.closed]);
  }

  /** Receives everything until the camera has shown its samples. */
  async #hear(node: SimpleNode, end: AbortSignal): Promise<void> {
    const tally = this.#tally;
    const hear = (event: DemoEvent): void => {
      tally.hear(event, this.#elapsed());
    };
    hearAgent(node).subscribe(hear);
    const active = (): boolean => tally.figures().mode !== undefined && node.publishersOf('topspark/decision') > 0;
    if (!(await this.#within(active, 'the agent did not become active', end))) return;
    hearRobot(node, this.screen.pictures && (this.options.world ? 'scan' : 'image')).subscribe(hear);
    this.#waiting = `the agent is active, waiting for the ${this.#children.source.name} …`;
    // Draw at once: the first decision may come before the next period, and then this would never be shown.
    this.#draw();
    if (!(await this.#within(() => tally.figures().decided > 0, 'no decision came', end))) return;
    this.#firstDecision = this.#elapsed();
    this.#waiting = '';
    await Promise.race([this.#children.source.ended, aborted(end)]);
  }

  /** Waits for a status that covers everything that was decided. */
  async #lastStatus(node: SimpleNode, over: AbortSignal): Promise<void> {
    if (this.#tally.figures().decided === 0) return;
    await this.#children.source.stop();
    const shown = toNanoseconds(node.stamp());
    const complete = (): boolean => (this.#tally.figures().status?.stamp ?? 0n) > shown;
    await until(complete, AbortSignal.any([over, AbortSignal.timeout(statusLimit)]));
  }

  /**
   * @returns whether the condition held; false when `end` came first
   * @throws {@link TopsparkError} `demo_stuck` where it does not hold in time
   */
  async #within(condition: () => boolean, what: string, end: AbortSignal): Promise<boolean> {
    const held = await until(condition, AbortSignal.any([end, AbortSignal.timeout(startLimit)]));
    if (!held && !end.aborted) throw fault('demo_stuck', `${what} within ${startLimit / 1000} s`, this.#children.agent);
    return held;
  }

  /** Rejects when a process ends too early. */
  async #earlyEnd(stop: AbortSignal): Promise<never> {
    const { agent, source, others } = this.#children;
    const failed = source.ended.then((ending) => (ending.code === 0 ? never : ending));
    const running = [agent, ...others].map((child) => child.ended);
    const { name, code, signal } = await Promise.race([...running, failed]);
    if (stop.aborted) return never;
    const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by ${signal}`;
    const ended = [source, ...others].find((child) => child.name === name) ?? agent;
    throw fault('process_ended', `the ${name} ended early, ${how}`, ended);
  }

  #draw(): void {
    this.screen.update(this.#tally.figures(), this.#waiting);
  }

  /** Time since the start [s]. */
  #elapsed(): number {
    return (performance.now() - this.#started) / 1000;
  }
}

function fault(code: string, sentence: string, child: Child): TopsparkError {
  const lines = child.lastLines.map((line) => `  ${line}`);
  const printed = lines.length === 0 ? 'It printed nothing.' : `Its last lines:\n${lines.join('\n')}`;
  return new TopsparkError(code, 'environment', `${sentence}. ${printed}`);
}

const never = new Promise<never>(() => undefined);
