// @ts-check
import rclnodejs from 'rclnodejs';

// The same as floor_node.c, with rclnodejs alone: an image as bytes, and a decision of its stamp as bytes.
//
//   node rclnodejs_node.mjs NAME DECISION     DECISION is one in CDR, as hexadecimal digits

/** Behind the four bytes that say how it is encoded: seconds and nanoseconds. */
const [stampAt, stampEnd] = [4, 12];

const [name = '', digits = ''] = process.argv.slice(2);
const decision = Buffer.from(digits, 'hex');
await rclnodejs.init();
const node = new rclnodejs.Node(name);
const decisions = node.createPublisher('topspark_msgs/msg/Decision', `${name}/decision`);
node.createSubscription(
  'sensor_msgs/msg/Image',
  `${name}/image`,
  { isRaw: true, qos: rclnodejs.QoS.profileSensorData },
  (/** @type {Buffer} */ image) => {
    image.copy(decision, stampAt, stampAt, stampEnd);
    decisions.publish(decision);
  },
);
node.spin();
