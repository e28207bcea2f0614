import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import type { SimpleNode } from 'topspark/ros/open-node.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import { Drain } from '../world/drain.js';
import { batteryMessage, labelMessage, odometryMessage, scanMessage } from '../world/world-messages.js';
import { labelStream } from '../world/world-bag.js';
import { World } from '../world/world.js';
import { Pacer, seconds } from './pacer.js';
import { runNode } from './demo-node.js';
import { pause, until } from './waiting.js';

// The robot as a process: drives through a generated building and publishes sensor_msgs/LaserScan on `scan`,
// nav_msgs/Odometry on `odom` and sensor_msgs/BatteryState on `battery_state`. It labels a share of the scans with the
// kind of place on `label`, and publishes the truth of each on `truth`, for scoring only. It ends after `samples`
// scans.

/** Scans per simulated second [1/s]. */
const scanRate = 10;
/** Battery messages per second, simulated or real, whichever gives fewer [1/s]. */
const batteryRate = 4;
/** Mean power of robot and laser on such a drive [W]; it determines the capacity of the battery. */
const meanPower = 17;
/** Time for reliable messages to arrive before their publishers are destroyed [ms]. */
const linger = 500;
/** No truth may be lost, however busy the view is. */
const truths = { ...qosProfiles.output, depth: 1000 };

await runNode('robot', async (node, ended) => {
  const { rate, samples, labelShare, seed, lastCharge, wattsPerCore, awaitView, carried } = readSettings(node);
  const scan = node.publisher('sensor_msgs/msg/LaserScan', 'scan', qosProfiles.sensorData);
  const odom = node.publisher('nav_msgs/msg/Odometry', 'odom', qosProfiles.output);
  const battery = node.publisher('sensor_msgs/msg/BatteryState', 'battery_state', qosProfiles.sensorData);
  const label = node.publisher('topspark_msgs/msg/Label', 'label', qosProfiles.labels);
  const truth = node.publisher('topspark_msgs/msg/Label', 'truth', truths);
  const agent = agentPower(node, wattsPerCore);

  const world = new World({ seed, carried });
  const labels = labelStream(seed);
  const period = 1 / scanRate;
  const drain = new Drain((meanPower * samples * period) / (1 - lastCharge));
  const batteryEvery = Math.max(1, Math.round(Math.max(rate, scanRate) / batteryRate));
  const show = (k: number): void => {
    world.step(period);
    const stamp = node.stamp();
    scan.publish(scanMessage(world.scan(), period, stamp));
    odom.publish(odometryMessage(world, stamp));
    if (labels.uniform() < labelShare) label.publish(labelMessage(world.place, stamp));
    truth.publish(labelMessage(world.place, stamp));
    // The agent's computer draws power in simulated time.
    const power = drain.use(period, world.robot, agent() * period);
    if (k % batteryEvery === 0) battery.publish(batteryMessage(drain.charge, power, stamp));
  };

  const awaited = awaitView ? [scan, label, battery, truth] : [scan, label, battery];
  const listeners = awaitView ? 2 : 1;
  const ready = (): boolean =>
    awaited.every((publisher) => publisher.subscriptions() > 0) && battery.subscriptions() >= listeners;
  if (!(await until(ready, ended))) return;
  const pacer = new Pacer(rate, seconds());
  for (let k = 0; k < samples && !ended.aborted; k++) {
    show(k);
    const now = seconds();
    await pause(1000 * (pacer.sent(now) - now), ended);
  }
  await pause(linger, ended);
});

/** Power of the agent's process by its own status, which comes once a second [W]. */
function agentPower(node: SimpleNode, wattsPerCore: number): () => number {
  let power = 0;
  node.messages('topspark_msgs/msg/Status', 'topspark/status', qosProfiles.output).subscribe(({ cpu }) => {
    power = cpu * wattsPerCore;
  });
  return () => power;
}

function readSettings(node: SimpleNode): Settings {
  const settings = {
    rate: node.parameter('rate', 200, 'scans a second; the world goes on by 0.1 s from one to the next [1/s]'),
    samples: node.parameter('samples', 12_000, 'scans to make before the robot ends'),
    labelShare: node.parameter('label_share', 0.1, 'share of the scans whose place is named [0..1]'),
    seed: node.parameter('seed', 1, 'seed of the building, the tour and the choice of labels'),
    lastCharge: node.parameter('last_charge', 0.16, 'state of charge that the battery is made to end at [0..1]'),
    wattsPerCore: node.parameter('watts_per_core', 2.0, 'power of one busy core of the computer [W]'),
    carried: node.parameter('carried', 0, 'carried from place to place, and left there so long; 0: it drives [s]'),
    awaitView: node.parameter('await_truth', false, 'wait for a subscriber to `truth` and `battery_state` as well'),
  };
  checkNumber('parameter rate', settings.rate, 0.01, 1000);
  checkInteger('parameter samples', settings.samples, 1, 1_000_000_000);
  checkNumber('parameter label_share', settings.labelShare, 0, 1);
  checkInteger('parameter seed', settings.seed, 0, Number.MAX_SAFE_INTEGER);
  checkNumber('parameter last_charge', settings.lastCharge, 0, 0.99);
  checkNumber('parameter carried', settings.carried, 0, 3600);
  checkNumber('parameter watts_per_core', settings.wattsPerCore, 0, 1000);
  return settings;
}

interface Settings {
  readonly rate: number;
  readonly samples: number;
  readonly labelShare: number;
  readonly seed: number;
  readonly lastCharge: number;
  readonly wattsPerCore: number;
  readonly carried: number;
  readonly awaitView: boolean;
}
