import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import { batteryFields, drained } from '../world/battery-model.js';
import { runNode } from './demo-node.js';
import { pause, until } from './waiting.js';

// The battery as a process: publishes sensor_msgs/BatteryState on `battery_state`. It drains at a constant rate from
// the moment when enough subscribers listen and, if so asked, a camera is ready. It stays at its final charge until it
// is stopped.

/** Readings per second [1/s]. */
const rate = 4;

await runNode('battery', async (node, ended) => {
  const from = node.parameter('from', 1.0, 'state of charge at the beginning [0..1]');
  const to = node.parameter('to', 0.16, 'state of charge at the end [0..1]');
  const seconds = node.parameter('seconds', 50.0, 'time from the one to the other [s]');
  const listeners = node.parameter('listeners', 1, 'subscriptions to wait for before it begins to drain');
  const awaitCamera = node.parameter<boolean>('await_camera', false, 'wait for a publisher of `image` as well');
  checkNumber('parameter from', from, 0, 1);
  checkNumber('parameter to', to, 0, from);
  checkNumber('parameter seconds', seconds, 0.1, 1e6);
  checkInteger('parameter listeners', listeners, 0, 1000);
  const state = node.publisher('sensor_msgs/msg/BatteryState', 'battery_state', qosProfiles.sensorData);
  const ready = (): boolean => state.subscriptions() >= listeners && (!awaitCamera || node.publishersOf('image') > 0);
  if (!(await until(ready, ended))) return;
  const start = performance.now();
  while (!ended.aborted) {
    const charge = drained(from, to, seconds, (performance.now() - start) / 1000);
    state.publish({ header: { stamp: node.stamp(), frame_id: 'base_link' }, ...batteryFields(charge) });
    await pause(1000 / rate, ended);
  }
});
