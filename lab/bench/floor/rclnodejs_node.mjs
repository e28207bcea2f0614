// @ts-check
import rclnodejs from 'rclnodejs';

// The same as floor_node.c with rclnodejs only: an image or a scan as bytes in, a decision with its stamp as bytes out.
//
//   node rclnodejs_node.mjs NAME DECISION SENSOR     DECISION is one in CDR, in hexadecimal; SENSOR is image or scan

/** Bytes of seconds and nanoseconds, after the four bytes of the encapsulation. */
const [stampAt, stampEnd] = [4, 12];

const [name = '', digits = '', sensor = ''] = process.argv.slice(2);
const decision = Buffer.from(digits, 'hex');
await rclnodejs.init();
const node = new rclnodejs.Node(name);
const decisions = node.createPublisher('topspark_msgs/msg/Decision', `${name}/decision`);
node.createSubscription(
  sensor === 'scan' ? 'sensor_msgs/msg/LaserScan' : 'sensor_msgs/msg/Image',
  `${name}/${sensor}`,
  { isRaw: true, qos: rclnodejs.QoS.profileSensorData },
  (/** @type {Buffer} */ message) => {
    message.copy(decision, stampAt, stampAt, stampEnd);
    decisions.publish(decision);
  },
);
node.spin();
