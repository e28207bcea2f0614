import { setTimeout as pause } from 'node:timers/promises';
import { labelKinds } from 'topspark/classifier/label-kinds.js';
import { openNode } from 'topspark/ros/open-node.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import { benchPictures, steadily } from '../beside-node.js';

// The process that sends images at a steady rate, one in ten with a label.
const [rate = '', count = ''] = process.argv.slice(2);
const side = 28;
const node = await openNode('topspark_soak_camera', { argv: [] });
const images = node.publisher('sensor_msgs/msg/Image', 'image', qosProfiles.sensorData);
const labels = node.publisher('topspark_msgs/msg/Label', 'label', qosProfiles.labels);
const pictures = benchPictures(side, side, 1);
while (images.subscriptions() === 0 || labels.subscriptions() === 0) await pause(50);
let sent = 0;
await steadily(Number(rate), Number(count), () => {
  const header = { stamp: node.stamp(), frame_id: 'soak' };
  const kind = sent % pictures.length;
  const data = pictures[kind];
  images.publish({ header, width: side, height: side, encoding: 'mono8', is_bigendian: 0, step: side, data });
  if (sent++ % 10 === 0) labels.publish({ header, label: `kind ${kind}`, kind: labelKinds.indexOf('random') });
});
await pause(1000); // messages in transit still arrive
node.close();
await node.closed;
