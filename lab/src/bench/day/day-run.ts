import { Agent } from 'topspark/agent/agent.js';
import type { AgentSettings } from 'topspark/agent/agent-settings.js';
import type { QuestionEvent } from 'topspark/agent/events.js';
import { clockFrom } from 'topspark/base/time.js';
import type { AccuracyEstimate } from 'topspark/accuracy/accuracy-monitor.js';
import type { ModeName } from 'topspark/timestep/controller/modes.js';
import { DayLog, type DayOutcome } from './day-log.js';
import { framesOf, within, type DayPlan } from './day-plan.js';
import type { DayScene } from './day-scene.js';
import { LabelPost } from './label-post.js';
import { Lateness, type Latencies, type LatenessResult } from './lateness.js';
import type { Morning } from './morning.js';
import { Shadow } from './shadow.js';

/** How the agent runs through the day. */
export interface Strategy {
  readonly name: string;
  readonly settings: AgentSettings;
  /** Forced mode; absent: the controller chooses. */
  readonly forced?: ModeName;
}

/** Cost of a message besides the network. */
export interface PathCost {
  /** CPU time of taking, converting, encoding and publishing, for each message that is taken [s]. */
  readonly cpu: number;
  /** Power of a busy core [W]. */
  readonly watts: number;
}

/** Parts of a day that all strategies share. */
export interface DayWorld extends Morning {
  readonly scene: DayScene;
  readonly cost: PathCost;
  readonly seed: number;
  /** Absent: a decision takes no time. */
  readonly latencies?: Latencies;
}

/** Result of a day. */
export interface DayRun extends DayOutcome, LatenessResult {
  readonly name: string;
  /** Energy of front end and network, and of the whole path [J]. */
  readonly networkEnergy: number;
  readonly pathEnergy: number;
  /** Charge at the end, and the time at which the battery was first flat [s since midnight]; `null`: never. */
  readonly charge: number;
  readonly flat: number | null;
}

/** Period of battery messages [s]. */
const batteryPeriod = 10;
/** Midnight of the simulated day, a day of 2026 in UTC [s]. */
const midnight = Date.UTC(2026, 2, 1) / 1000;

/**
 * Runs an agent through the day in simulated time.
 *
 * @param shadows - whether to evaluate the other operating points too, hour by hour
 * @param progress - called for every frame
 */
export function runDay(world: DayWorld, strategy: Strategy, shadows: boolean, progress: () => void): DayRun {
  const { scene, cost, seed } = world;
  const { plan, dataset } = scene;
  const { settings } = strategy;
  let time = plan.start;
  const now = (): number => midnight + time;
  const agent = new Agent(settings, clockFrom(now));
  agent.restore(world.snapshot);
  const answers: string[] = [];
  let question: QuestionEvent | undefined;
  const lateness = new Lateness(agent, cost.cpu, world.latencies);
  agent.onEvent = (event) => {
    if (event.kind === 'decision') answers.push(event.label);
    if (event.kind === 'question') question = event;
  };
  if (strategy.forced) agent.forceMode(strategy.forced);
  const post = new LabelPost(plan, seed);
  const log = new DayLog(plan);
  const shadow = shadows ? new Shadow(agent) : undefined;
  let [charge, spent] = [1, 0];
  let flat: number | null = null;
  const pathEnergy = (): number => agent.energyUsed + log.decisions * cost.cpu * cost.watts;
  const frames = framesOf(plan);
  for (let index = 0; index < frames; index++) {
    time = plan.start + index / plan.frameRate;
    const used = pathEnergy() - spent;
    spent += used;
    charge = nextCharge(charge, plan, time) - used / plan.capacity;
    if (charge <= 0) flat ??= time;
    charge = Math.max(0, charge);
    if (index % Math.round(batteryPeriod * plan.frameRate) === 0) {
      agent.take({ topic: 'battery_state', event: batteryMessage(charge, plan, time) });
    }
    for (const { stamp, name, kind } of post.arrived(time)) {
      agent.take({ topic: 'label', event: { stamp, name, kind } });
    }
    agent.tick();
    // Work that a tick begins, such as measuring at the charger, takes no simulated time.
    agent.finish();
    const { truth, data } = scene.frame(index, time);
    const stamp = BigInt(Math.round(now() * 1e9));
    answers.length = 0;
    question = undefined;
    const { rows: height, columns: width } = dataset;
    const message = { width, height, encoding: 'mono8', is_bigendian: 0, step: width, data };
    const event = { sensor: 'image', stamp, frameId: 'camera', taken: now() - lateness.expected(), message };
    // A robot whose battery is flat sees nothing.
    if (charge > 0) {
      shadow?.ask(event);
      agent.take({ topic: 'sensor', event });
    }
    const name = dataset.classNames[truth];
    const answer = answers.at(0);
    const right = answer === undefined ? undefined : answer === name;
    if (right !== undefined) {
      post.shown(stamp, name, time, right, question);
      shadow?.decided(name, right);
      lateness.decided();
    }
    const estimate = (): AccuracyEstimate => agent.status().accuracy;
    log.add(time, agent.mode, charge, right, estimate, () => shadow?.endHour() ?? []);
    progress();
  }
  const energies = { networkEnergy: agent.energyUsed, pathEnergy: pathEnergy() };
  return { name: strategy.name, ...log.result(), ...lateness.result(), ...energies, charge, flat };
}

function nextCharge(charge: number, plan: DayPlan, time: number): number {
  const rate = within(time, plan.charging) ? plan.charger - plan.drain : -plan.drain;
  return Math.min(1, Math.max(0, charge + rate / plan.frameRate));
}

function batteryMessage(percentage: number, plan: DayPlan, time: number) {
  const status = within(time, plan.charging) ? 1 : 2;
  return { present: true, percentage, charge: NaN, capacity: NaN, voltage: NaN, current: NaN, status };
}
