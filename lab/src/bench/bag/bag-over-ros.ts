import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BagReader } from 'topspark/bag/bag-reader.js';
import { CheckpointStore } from 'topspark/checkpoint/checkpoint-store.js';
import { bagInputs } from 'topspark/cli/bag-inputs.js';
import { EmbeddedNode, type HeardBytes } from 'topspark/ros/embedded-node.js';
import { published, reliableQueues } from '../beside-node.js';
import { replayBag, replayHeard, type LearnedThere } from '../replay-heard.js';

/** Results of a node to which a bag was played, and of replays. */
export interface BagPlay {
  readonly path: string;
  /** Messages of topics to which the node subscribes. */
  readonly recorded: number;
  /** Messages that it took. */
  readonly heard: number;
  readonly live: LearnedThere;
  /** Replay of the messages that the node took, in its order; must give the same result. */
  readonly replay: LearnedThere;
  /** Replay of the bag as recorded. Gives the same result if the node took all messages in that order. */
  readonly asRecorded: LearnedThere;
}

/**
 * Plays a bag from another process to a node in this one, over reliable topics. Then replays what the node took.
 *
 * @param param - parameters of the node, `NAME:=VALUE` each
 * @param rate - messages a second
 * @throws {@link TopsparkError} `publisher_failed` where the other process ended early, or as {@link BagReader.open}
 */
export async function playBag(paths: readonly string[], param: readonly string[], rate: number): Promise<BagPlay> {
  const inputs = bagInputs({ param, remap: [], namespace: '/' });
  const bag = await BagReader.open(paths);
  const counts = new Map<string, number>();
  for (const { channel } of bag.messages((topic) => inputs.topics.has(topic))) {
    counts.set(channel.topic, (counts.get(channel.topic) ?? 0) + 1);
  }
  bag.close();
  const folder = mkdtempSync(join(tmpdir(), 'topspark-bag-'));
  const heard: HeardBytes[] = [];
  const node = await EmbeddedNode.open(
    nodeParameters(param, [...counts.keys()], join(folder, 'checkpoints')),
    (message) => {
      if (counts.has(message.topic)) heard.push(message);
    },
  );
  const task = JSON.stringify({ paths, topics: Object.fromEntries(inputs.topics), heard: [...counts.keys()] });
  try {
    await published(node, new URL('bag-publisher.js', import.meta.url), [task, String(rate)]);
    const store = new CheckpointStore(join(folder, 'checkpoints'), 1);
    const { weightsHash } = store.load(store.names()[0]).snapshot;
    const live = { decisions: node.status?.decided ?? 0, weightsHash };
    const recorded = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const replay = await replayHeard(heard, inputs, join(folder, 'heard.mcap'));
    const asRecorded = await replayBag(paths, inputs);
    return { path: paths.join(' '), recorded, heard: heard.length, live, replay, asRecorded };
  } finally {
    node.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Parameters with which the node takes every message, and stays in one mode. */
function nodeParameters(
  param: readonly string[],
  topics: readonly string[],
  directory: string,
): Record<string, string | number> {
  const given = param.map((each) => {
    const at = each.indexOf(':=');
    return [each.slice(0, at), each.slice(at + 2)];
  });
  return {
    'checkpoint.directory': directory,
    'checkpoint.interval': 0,
    'checkpoint.restore': 'false',
    'energy_mode.forced': 'FULL',
    'input.max_rate': 0,
    ...(Object.fromEntries(given) as Record<string, string>),
    ...reliableQueues(topics),
  };
}
