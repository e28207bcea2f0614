import { Subject } from 'rxjs';
import { Agent } from '../../../agent/agent.js';
import type { AgentInput, SensorEvent } from '../../../agent/events.js';
import { Random } from '../../../base/random.js';
import { defaultModes } from '../../../timestep/modes.js';
import { fuzzedSensors } from './messages.js';
import { stamp } from './values.js';

/** What became of the messages that a sensor was sent. */
export interface FuzzResult {
  readonly sensor: string;
  readonly messages: number;
  readonly decided: number;
  /** Windows of an IMU that no message completed. */
  readonly incomplete: number;
  /** By cause. */
  readonly refused: Readonly<Record<string, number>>;
  /** Faults of the program; the first in words. */
  readonly crashes: number;
  readonly firstCrash: string;
  /** Refused messages after which the weights were others than before. */
  readonly changedWeights: number;
  /** Messages that were neither decided nor counted as refused. */
  readonly uncounted: number;
}

/** Messages between two labels. */
const labelEvery = 7;

/**
 * Sends generated messages to an agent that learns, and compares its weights around every one that is refused.
 *
 * @param sensor - a name of {@link fuzzedSensors}
 * @param begin - hears the number of each message, from 0, before it is sent
 */
export function fuzz(sensor: string, messages: number, seed: number, begin: (message: number) => void): FuzzResult {
  const { values, message } = fuzzedSensors[sensor];
  const random = new Random(seed);
  let seconds = 0;
  const agent = new Agent(
    {
      network: { neurons: 10, classes: 4, memory: 8 },
      sensors: { use: [{ name: sensor, values }], sync: { slop: 0.05, policy: 'wait', queue: 8 } },
      modes: defaultModes,
      battery: { timeout: 30, hysteresis: 0.02 },
      profile: undefined,
      accuracy: { measure: 'accuracy', window: 100, fading: 0.995 },
      goals: { target: 0.9, deadline: 0, mission: { until: '', timeZone: 'UTC', reserve: 0 } },
      dwell: 30,
      learning: true,
    },
    { now: () => seconds, monotonic: () => seconds },
  );
  const inputs = new Subject<AgentInput>();
  const faults: string[] = [];
  let crashes = 0;
  const crashed = (why: string): void => {
    crashes++;
    if (faults.length === 0) faults.push(why);
  };
  const outcomes = { told: 'nothing' as 'nothing' | 'decision' | 'refusal' };
  agent.run(inputs).subscribe((event) => {
    if (event.kind === 'mode') return;
    outcomes.told = event.kind;
    if (event.kind === 'refusal' && event.cause === 'internal_error') crashed(event.message);
  });
  const counts = { decision: 0, refusal: 0, nothing: 0 };
  let [changedWeights, last] = [0, 0n];
  let before = agent.weightsHash();
  for (let k = 0; k < messages; k++) {
    begin(k);
    last = stamp(random, last);
    seconds += 0.02;
    const event: SensorEvent = { sensor, stamp: last, frameId: 'fuzz', taken: seconds, message: message(random) };
    outcomes.told = 'nothing';
    try {
      inputs.next({ topic: 'sensor', event });
    } catch (error) {
      crashed(String(error));
    }
    const outcome = outcomes.told as keyof typeof counts;
    counts[outcome]++;
    const after = agent.weightsHash();
    if (outcome !== 'decision' && after !== before) changedWeights++;
    before = after;
    if (outcome === 'decision' && k % labelEvery === 0) {
      inputs.next({ topic: 'label', event: { stamp: last, name: `class ${random.below(3)}` } });
      before = agent.weightsHash();
    }
  }
  const dropped = [...agent.status().dropped].filter(([cause]) => !cause.startsWith('label_'));
  const refused = Object.fromEntries(dropped.sort(([, a], [, b]) => b - a));
  const counted = dropped.reduce((sum, [, count]) => sum + count, 0);
  // Only a window may be without an outcome.
  const incomplete = sensor === 'imu' ? counts.nothing : 0;
  const uncounted = messages - counts.decision - counted - incomplete;
  return {
    ...{ sensor, messages, decided: counts.decision, incomplete, refused, crashes, firstCrash: faults.at(0) ?? '' },
    ...{ changedWeights, uncounted },
  };
}
