import { BagReader } from 'topspark/bag/bag-reader.js';
import { BagWriter } from 'topspark/bag/bag-writer.js';
import { Replay, type ReplayOptions } from 'topspark/cli/replay-run.js';
import type { HeardBytes } from 'topspark/ros/embedded-node.js';

/** Result of a replay: what was learned. */
export interface LearnedThere {
  readonly decisions: number;
  readonly weightsHash: string;
}

/** How messages are read. The mode is FULL throughout, as in the live run. */
export type Reading = Pick<ReplayOptions, 'settings' | 'topics'>;

/**
 * Replays what a node took, in its order. Topics that were recorded together arrive in a different order each time, and
 * only this order gives the same learning.
 *
 * @param path - path of the bag to write
 */
export async function replayHeard(heard: readonly HeardBytes[], reading: Reading, path: string): Promise<LearnedThere> {
  const bag = await BagWriter.create(path);
  for (const { topic, type, taken, bytes } of heard) await bag.writeBytes(topic, type, taken, bytes);
  await bag.close();
  return replayBag([path], reading);
}

/** Replays bags as recorded, in the mode FULL. */
export async function replayBag(paths: readonly string[], reading: Reading): Promise<LearnedThere> {
  const bag = await BagReader.open(paths);
  try {
    const agent = new Replay({ ...reading, mode: 'FULL', rate: 0 });
    const { decisions, weightsHash } = await agent.run(bag, undefined, () => undefined);
    return { decisions, weightsHash };
  } finally {
    bag.close();
  }
}
