import { BagReader } from 'topspark/bag/bag-reader.js';
import { BagWriter } from 'topspark/bag/bag-writer.js';
import { Replay, type ReplayOptions } from 'topspark/cli/replay-run.js';
import type { HeardBytes } from 'topspark/ros/embedded-node.js';

/** Result of a replay. */
export interface LearnedThere {
  readonly decisions: number;
  readonly weightsHash: string;
}

/** How messages are read; the mode is FULL throughout, as it was live. */
export type Reading = Pick<ReplayOptions, 'settings' | 'topics'>;

/**
 * Replays what a node took, in its order. Topics that were recorded together arrive in another order each time, and the
 * node learned in this one.
 *
 * @param path - of the bag to write
 */
export async function replayHeard(heard: readonly HeardBytes[], reading: Reading, path: string): Promise<LearnedThere> {
  const bag = await BagWriter.create(path);
  for (const { topic, type, taken, bytes } of heard) await bag.writeBytes(topic, type, taken, bytes);
  await bag.close();
  return replayBag([path], reading);
}

/** Replays bags as they were recorded, in the mode FULL. */
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
