import { setTimeout as pause } from 'node:timers/promises';
import { BagReader } from 'topspark/bag/bag-reader.js';
import type { BagInput } from 'topspark/bag/bag-topics.js';
import { openNode } from 'topspark/ros/open-node.js';
import { steadily } from '../beside-node.js';

// The process that plays: it publishes the bytes of a bag in their order, at a steady rate.
const [task = '', rate = ''] = process.argv.slice(2);
const { paths, topics, heard } = JSON.parse(task) as {
  readonly paths: readonly string[];
  readonly topics: Readonly<Record<string, BagInput>>;
  readonly heard: readonly string[];
};
const node = await openNode('topspark_bag_publisher', { argv: [] });
const qos = { reliability: 'reliable', durability: 'volatile', depth: 5000 } as const;
const outputs = new Map(
  heard.map((topic) => [topic, node.publisher(topics[topic].type as Parameters<typeof node.publisher>[0], topic, qos)]),
);
while ([...outputs.values()].some((output) => output.subscriptions() === 0)) await pause(50);
const bag = await BagReader.open(paths);
const all = [...bag.messages((topic) => outputs.has(topic))];
let sent = 0;
await steadily(Number(rate), all.length, () => {
  const { channel, data } = all[sent++];
  outputs.get(channel.topic)?.publishBytes(data);
});
bag.close();
await pause(1000); // messages in transit still arrive
node.close();
await node.closed;
