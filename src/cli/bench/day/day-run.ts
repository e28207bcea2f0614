import { Subject } from 'rxjs';
import { Agent } from '../../../agent/agent.js';
import type { AgentEvent, AgentInput } from '../../../agent/events.js';
import type { AgentSettings } from '../../../agent/settings.js';
import type { Snapshot } from '../../../base/snapshot.js';
import type { ModeName } from '../../../timestep/modes.js';
import { DayLog, type DayOutcome } from './day-log.js';
import { within, type DayPlan } from './day-plan.js';
import type { DayScene } from './day-scene.js';
import { LabelPost } from './label-post.js';

/** How the agent is run through the day. */
export interface Strategy {
  readonly name: string;
  readonly settings: AgentSettings;
  /** Mode to stay in; absent: the controller chooses. */
  readonly forced?: ModeName;
}

/** What a message costs beside the network. */
export interface PathCost {
  /** CPU time of taking, converting, encoding and publishing, per message that is taken [s]. */
  readonly cpu: number;
  /** Power of a busy core [W]. */
  readonly watts: number;
}

/** What became of a day. */
export interface DayRun extends DayOutcome {
  readonly name: string;
  /** Of the network, and of the whole path [J]. */
  readonly networkEnergy: number;
  readonly pathEnergy: number;
}

/** Battery messages come every so many seconds. */
const batteryPeriod = 10;
/** Origin of the robot's time: a day of 2026 in UTC [s]. */
const midnight = Date.UTC(2026, 2, 1) / 1000;

/**
 * Runs an agent through the day in simulated time.
 *
 * @param learned - what it knows in the morning
 * @param progress - hears of every frame
 */
export function runDay(
  scene: DayScene,
  strategy: Strategy,
  learned: Snapshot,
  cost: PathCost,
  seed: number,
  progress: () => void,
): DayRun {
  const { plan, dataset } = scene;
  let time = plan.start;
  const now = (): number => midnight + time;
  const agent = new Agent(strategy.settings, { now, monotonic: now });
  agent.restore(learned);
  const inputs = new Subject<AgentInput>();
  const answers: string[] = [];
  agent.run(inputs).subscribe((event: AgentEvent) => {
    if (event.kind === 'decision') answers.push(event.label);
  });
  if (strategy.forced) agent.forceMode(strategy.forced);
  const post = new LabelPost(plan, seed);
  const log = new DayLog(plan);
  let charge = 1;
  const frames = Math.round((plan.end - plan.start) * plan.frameRate);
  for (let index = 0; index < frames; index++) {
    time = plan.start + index / plan.frameRate;
    charge = nextCharge(charge, plan, time);
    if (index % Math.round(batteryPeriod * plan.frameRate) === 0) {
      inputs.next({ topic: 'battery_state', event: batteryMessage(charge, plan, time) });
    }
    for (const { stamp, name } of post.arrived(time)) inputs.next({ topic: 'label', event: { stamp, name } });
    agent.tick();
    const { truth, data } = scene.frame(index, time);
    const stamp = BigInt(Math.round(now() * 1e9));
    answers.length = 0;
    const { rows: height, columns: width } = dataset;
    const message = { width, height, encoding: 'mono8', is_bigendian: 0, step: width, data };
    inputs.next({ topic: 'sensor', event: { sensor: 'image', stamp, frameId: 'camera', taken: now(), message } });
    const name = dataset.classNames[truth];
    const answer = answers.at(0);
    if (answer !== undefined) post.shown(stamp, name, time);
    const right = answer === undefined ? undefined : answer === name;
    log.add(time, agent.mode, charge, right, () => agent.status().accuracy.accuracy);
    progress();
  }
  const networkEnergy = agent.status().energyUsed;
  const found = log.result();
  return {
    name: strategy.name,
    ...found,
    networkEnergy,
    pathEnergy: networkEnergy + found.decisions * cost.cpu * cost.watts,
  };
}

function nextCharge(charge: number, plan: DayPlan, time: number): number {
  const rate = within(time, plan.charging) ? plan.charger - plan.drain : -plan.drain;
  return Math.min(1, Math.max(0, charge + rate / plan.frameRate));
}

function batteryMessage(percentage: number, plan: DayPlan, time: number) {
  const status = within(time, plan.charging) ? 1 : 2;
  return { present: true, percentage, charge: NaN, capacity: NaN, voltage: NaN, current: NaN, status };
}
