import { setTimeout as pause } from 'node:timers/promises';
import { Random } from 'topspark/base/random.js';
import { sensorKind } from 'topspark/sensing/sensor-kinds.js';
import { labelTopic, sensorTopic, type InputTopic } from 'topspark/node/messages.js';
import { openNode } from 'topspark/ros/open-node.js';
import { steadily } from '../beside-node.js';
import { Wire } from '../fuzz/wire.js';
import type { OrderTask } from './order-run.js';
import { traffic } from './traffic.js';

// The process that sends: traffic out of order, as bytes, at a steady rate.
const [task = '', rate = ''] = process.argv.slice(2);
const { sensors, messages, seed } = JSON.parse(task) as OrderTask;
const node = await openNode('topspark_order_publisher', { argv: [] });
const qos = { reliability: 'reliable', durability: 'volatile', depth: 5000 } as const;
const topics: readonly (readonly [topic: string, InputTopic])[] = [
  ...sensors.map((name) => [sensorKind(name).topic, sensorTopic(sensorKind(name), () => 0)] as const),
  ['label', labelTopic as unknown as InputTopic],
];
const outputs = new Map(
  topics.map(([topic, input]) => [
    input.name,
    { wire: new Wire(input), publisher: node.publisher(input.type, topic, qos) },
  ]),
);
while ([...outputs.values()].some(({ publisher }) => publisher.subscriptions() === 0)) await pause(50);
const all = traffic(sensors, messages, new Random(seed));
let sent = 0;
await steadily(Number(rate), all.length, () => {
  const { input, stamp, fields } = all[sent++];
  const output = outputs.get(input);
  output?.publisher.publishBytes(output.wire.bytes(stamp, fields));
});
await pause(1000); // messages in transit still arrive
node.close();
await node.closed;
