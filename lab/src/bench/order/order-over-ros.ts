import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TopsparkError } from 'topspark/base/errors.js';
import { CheckpointStore } from 'topspark/checkpoint/checkpoint-store.js';
import { bagTopics } from 'topspark/bag/bag-topics.js';
import { sensorKind } from 'topspark/sensing/sensor-kinds.js';
import { agentSettings } from 'topspark/node/settings-of-parameters.js';
import { EmbeddedNode, type HeardBytes } from 'topspark/ros/embedded-node.js';
import { labelTopic } from 'topspark/node/messages.js';
import { offlineParameters } from 'topspark/node/offline-parameters.js';
import { parameterTable } from 'topspark/node/parameter-table.js';
import { published, reliableQueues } from '../beside-node.js';
import { replayHeard } from '../replay-heard.js';
import { fuzzedSensors } from '../fuzz/fuzz-messages.js';
import { accountOf, type Account } from './account.js';
import type { OrderTask } from './order-run.js';

/**
 * The same as {@link fuzzOrder}, for the whole node in this process and a publisher in another one, over reliable
 * topics. What the node takes is recorded in its order; the recording is then replayed.
 *
 * @param rate - messages per second [1/s]
 * @param advance - called with the number of messages taken
 * @throws {@link TopsparkError} `publisher_failed` where the other process ended early
 */
export async function fuzzOrderOverRos(
  task: OrderTask,
  rate: number,
  advance: (taken: number) => void,
): Promise<Account> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-order-'));
  const parameters = nodeParameters(task.sensors, join(folder, 'checkpoints'));
  const heard: HeardBytes[] = [];
  const node = await EmbeddedNode.open(parameters, (message) => {
    heard.push(message);
    advance(1);
  });
  try {
    await published(node, new URL('publisher.js', import.meta.url), [JSON.stringify(task), String(rate)]);
    const { status } = node;
    if (status === undefined) throw new TopsparkError('node_silent', 'environment', 'the node was not configured');
    const store = new CheckpointStore(join(folder, 'checkpoints'), 1);
    const { weightsHash } = store.load(store.names()[0]).snapshot;
    const labels = heard.filter(({ type }) => type === labelTopic.type).length;
    const account = accountOf(status, { sensors: heard.length - labels, labels }, []);
    const set = Object.entries(parameters).map(([name, value]) => `${name}:=${value}`);
    const settings = agentSettings(offlineParameters({ set }, '/topspark', parameterTable));
    const topics = bagTopics(task.sensors.map(sensorKind), '/', []);
    const replayed = await replayHeard(heard, { settings, topics }, join(folder, 'heard.mcap'));
    return { ...account, differentFromReplay: replayed.weightsHash === weightsHash ? 0 : 1 };
  } finally {
    node.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Parameters for small samples, few neurons, decisions at the points of one mode, and queues that lose nothing. */
function nodeParameters(sensors: readonly string[], directory: string): Record<string, string | number> {
  const values = sensors.flatMap((name) =>
    Object.entries(fuzzedSensors[name].values).map(([key, value]) => [`${name}.${key}`, String(value)]),
  );
  const topics = [...sensors.map((name) => `/${sensorKind(name).topic}`), '/label'];
  return {
    'checkpoint.directory': directory,
    'checkpoint.interval': 0,
    'energy_mode.forced': 'FULL',
    'input.max_rate': 0,
    'network.classes': 16,
    'network.neurons': 10,
    sensors: `[${sensors.join(', ')}]`,
    ...(Object.fromEntries(values) as Record<string, string>),
    ...reliableQueues(topics),
  };
}
