// A node with faulty callbacks. It runs as a separate process, because the test is whether it survives.
import { setInterval } from 'node:timers';

const built = new URL('../../../dist/ros/', import.meta.url);
const { SafeLifecycleNode } = await import(new URL('safe-lifecycle-node.js', built).href);
const { ros } = await import(new URL('rclnodejs.js', built).href);

/** @param {string} msg */
const say = (msg) => {
  process.stdout.write(`${JSON.stringify({ level: 50, msg })}\n`);
};

ros.removeSignalHandlers();
await ros.init();
const node = new SafeLifecycleNode('faulty');
/** @type {(where: string, error: unknown) => void} */
node.onFault = (where, error) => {
  say(`fault in ${where}: ${error instanceof Error ? error.message : String(error)}; ${node.failedCalls} failed calls`);
};
/** How the next callback misbehaves. */
let how = '';
/** @param {{ data: string }} message */
const hear = ({ data }) => {
  how = data;
  say(`heard '${data}'`);
  if (how === 'throw in a subscription') throw new Error('thrown in a subscription');
};
node.createSubscription('std_msgs/msg/String', 'how', { qos: ros.QoS.profileDefault }, hear);
node.createTimer(50_000_000n, () => {
  if (how !== 'throw in a timer') return;
  how = '';
  throw new Error('thrown in a timer');
});
setInterval(() => {
  node.guarded(() => {
    if (how !== 'throw in a guarded callback') return;
    how = '';
    throw new Error('thrown in a guarded callback');
  });
}, 50).unref();
node.addOnSetParametersCallback(() => {
  throw new Error('thrown in on-set');
});
node.createService('std_srvs/srv/Trigger', '~/throw', () => {
  throw new Error('thrown in a service');
});
node.createService('std_srvs/srv/SetBool', '~/reject', async () => {
  await Promise.resolve();
  throw new Error('rejected in a service');
});
node._onGetAvailableStates = () => {
  throw new Error('thrown in the state machine');
};
/** @type {Record<string, unknown>} */
const results = { promise: Promise.resolve(97), nothing: undefined, error: 99, well: 97 };
node.registerOnConfigure(() => {
  if (how === 'throw') throw new Error('thrown in configure');
  return results[how];
});
if (process.argv.includes('on_error:=true')) node.registerOnError(() => 97);
process.on('SIGINT', () => {
  node.stop();
  ros.shutdown();
  process.exit(0);
});
node.spin();
say('ready');
