import { setImmediate as nextTurn } from 'node:timers/promises';
import { Agent } from 'topspark/agent/agent.js';
import type { AgentInput } from 'topspark/agent/events.js';
import { clockFrom } from 'topspark/base/time.js';
import { Random } from 'topspark/base/random.js';
import { LifeWatch, type LifeFigures } from './life-watch.js';
import { benchSettings } from '../bench-settings.js';

/** Result of a long run of the agent, with 100 samples per turn of the event loop. */
export interface SoakResult extends LifeFigures {
  readonly samples: number;
  readonly decided: number;
  readonly labelled: number;
}

const side = 28;
const perTurn = 100;
const kinds = 10;

/**
 * Sends an agent images, and labels for one in ten, without ROS.
 *
 * @param advance - called with the number of samples done
 */
export async function soak(samples: number, seed: number, advance: (samples: number) => void): Promise<SoakResult> {
  const watch = new LifeWatch();
  const agent = new Agent(settings, clockFrom(seconds));
  const random = new Random(seed);
  watch.begin();
  for (let k = 0; k < samples; k++) {
    const stamp = BigInt(k);
    const kind = random.below(kinds);
    agent.take({ topic: 'sensor', event: imageEvent(stamp, kind, random) });
    if (k % 10 === 0) agent.take({ topic: 'label', event: { stamp, name: `kind ${kind}` } });
    if (k % perTurn !== perTurn - 1) continue;
    if (k % 10_000 === 9999) {
      agent.tick();
      agent.status();
    }
    watch.look(k / samples);
    advance(perTurn);
    await nextTurn();
  }
  agent.finish();
  agent.rest();
  const figures = await watch.end();
  const { decided, labelled } = agent.status();
  return { samples, decided, labelled, ...figures };
}

const seconds = (): number => performance.now() / 1000;

const image = { width: side, height: side, max_pixels: 10_000 };
const settings = benchSettings(
  { neurons: 400, classes: 64, memory: 256 },
  { use: [{ name: 'image', values: image }], sync: { slop: 0.05, policy: 'wait', queue: 32 } },
  1000,
);

/** A bright bar at a place for its kind, a little moved and dimmed. The array is new each time, as in a message. */
function imageEvent(stamp: bigint, kind: number, random: Random): Extract<AgentInput, { topic: 'sensor' }>['event'] {
  const data = new Uint8Array(side * side);
  const middle = 3 + (kind % 5) * 5 + random.below(2);
  const bright = 200 + random.below(50);
  for (let across = 0; across < side; across++) {
    for (let along = 0; along < 2; along++) {
      data[kind < 5 ? (middle + along) * side + across : across * side + middle + along] = bright;
    }
  }
  const message = { width: side, height: side, encoding: 'mono8', is_bigendian: 0, step: side, data };
  return { sensor: 'image', stamp, frameId: 'soak', taken: seconds(), message };
}
