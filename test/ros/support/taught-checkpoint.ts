import { Agent } from '../../../src/agent/agent.js';
import { ParameterValues } from '../../../src/base/parameters.js';
import { Random } from '../../../src/base/random.js';
import type { Snapshot } from '../../../src/base/snapshot.js';
import { clockFrom, toNanoseconds } from '../../../src/base/time.js';
import { CheckpointStore } from '../../../src/checkpoint/checkpoint-store.js';
import { sensorEvent } from '../../../src/node/messages.js';
import { parameterValues } from '../../../src/node/given-parameters.js';
import { parameterTable } from '../../../src/node/parameter-table.js';
import { agentSettings } from '../../../src/node/settings-of-parameters.js';
import { stampOf } from './images.js';
import type { Fields } from './peer.js';

const side = 28;

/** A picture of a kind: three strokes at the places of that kind, with noise, so that no two are equal. */
function picture(kind: number, random: Random): Uint8Array {
  const own = new Random(1000 + kind);
  const strokes = Array.from({ length: 3 }, () => [own.below(20) + random.below(5), own.below(20) + random.below(5)]);
  return Uint8Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / side), i % side];
    const lit = strokes.some(([y, x]) => Math.abs(row - y) + Math.abs(column - x) < 4);
    return (lit ? 180 : 0) + random.below(50);
  });
}

interface ImageOfKind extends Fields {
  readonly header: { readonly stamp: ReturnType<typeof stampOf>; readonly frame_id: string };
  readonly data: Uint8Array;
}

/** An image message of a kind, with the stamp of that index. */
export function imageOfKind(kind: number, index: number, random: Random): ImageOfKind {
  const header = { stamp: stampOf(index), frame_id: 'camera' };
  const data = picture(kind, random);
  return { header, width: side, height: side, encoding: 'mono8', is_bigendian: 0, step: side, data };
}

/**
 * The state of a node with default parameters and 400 neurons that learned some kinds of pictures, each labelled.
 *
 * @param kinds - numbers; `kind 3` is the name of 3
 */
export function taughtSnapshot(kinds: readonly number[], samples: number, seed: number): Snapshot {
  const values = new ParameterValues(parameterValues(parameterTable, new Map()));
  const agent = new Agent(
    agentSettings(values),
    clockFrom(() => 0),
  );
  const random = new Random(seed);
  for (let k = 0; k < samples; k++) {
    const kind = kinds[k % kinds.length];
    const message = imageOfKind(kind, k, random);
    agent.take({ topic: 'sensor', event: sensorEvent('image', message, 0) });
    agent.finish();
    const stamp = toNanoseconds(message.header.stamp);
    if (k % 2 === 0) agent.take({ topic: 'label', event: { stamp, name: `kind ${kind}` } });
  }
  agent.finish();
  return agent.snapshot();
}

/** Puts it into a folder of checkpoints. @returns its name there */
export const putCheckpoint = (directory: string, snapshot: Snapshot): string =>
  new CheckpointStore(directory, 3).save(snapshot).name;
