// @ts-check
import rclnodejs from 'rclnodejs';

// The same as floor_node.c with rclnodejs only: an image as bytes in, a decision with its stamp as bytes out.
//
//   node rclnodejs_node.mjs NAME DECISION     DECISION is one in CDR, in hexadecimal

/** Bytes of seconds and nanoseconds, after the four bytes of the encapsulation. */
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
