import { setTimeout as pause } from 'node:timers/promises';
import type { SimpleNode } from 'topspark/ros/open-node.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import { asking, Times, type LatencySpread } from '../asked-state.js';
import { benchPictures, besideNode, firstDecision, steadily } from '../beside-node.js';

/** Settings of {@link overload}. */
export interface OverloadOptions {
  /** Policy of spikes in time, N and T of the node, which learns all the time. */
  readonly policy: string;
  readonly neurons: number;
  readonly timesteps: number;
  /** Rate of images, as a multiple of the node's capacity. */
  readonly factor: number;
  /** [s] */
  readonly seconds: number;
}

/** Result, with the node in its own process. */
export interface OverloadResult extends OverloadOptions {
  /** Decisions per second when images never run out [1/s]. */
  readonly capacity: number;
  readonly sent: number;
  /** Images taken by the node, decided, and dropped for a newer one. The middleware lost the others. */
  readonly taken: number;
  readonly decided: number;
  readonly busy: number;
  /** Time from taking an image to its decision. */
  readonly latency: LatencySpread;
  /** Durations of `get_state` requests from this process: while nothing is sent, and under load. */
  readonly idleAnswer: LatencySpread;
  readonly answer: LatencySpread;
}

const side = 28;

/** Time for measuring the capacity, and for requests to the idle node [s]. */
const lookTime = 3;
/** A rate that no node in question can keep up with [1/s]. */
const flood = 1000;

/**
 * Sends a node more images than it can decide, and requests its state at the same time. Needs a sourced ROS 2.
 *
 * @throws TopsparkError `node_silent` where the node does not answer within 20 s
 */
export async function overload(options: OverloadOptions): Promise<OverloadResult> {
  const { policy, neurons, timesteps } = options;
  const parameters = { 'network.policy': policy, 'network.neurons': neurons };
  return await besideNode(parameters, { timesteps }, (node) => measure(node, options));
}

async function measure(node: SimpleNode, options: OverloadOptions): Promise<OverloadResult> {
  const images = node.publisher('sensor_msgs/msg/Image', 'image', qosProfiles.sensorData);
  const decisions = node.messages('topspark_msgs/msg/Decision', 'topspark/decision', qosProfiles.output);
  const statuses = node.messages('topspark_msgs/msg/Status', 'topspark/status', qosProfiles.output);
  const getState = node.caller('lifecycle_msgs/srv/GetState', 'topspark/get_state');
  const pictures = benchPictures(side, side, 1);
  let sent = 0;
  const send = (): void => {
    const header = { stamp: node.stamp(), frame_id: 'bench' };
    const data = pictures[sent++ % pictures.length];
    images.publish({ header, width: side, height: side, encoding: 'mono8', is_bigendian: 0, step: side, data });
  };
  let account = { taken: 0, decided: 0, busy: 0 };
  statuses.subscribe(({ received, decided, dropped_causes: causes, dropped_counts: counts }) => {
    const busy = Number(Array.from(counts)[causes.indexOf('busy')] ?? 0);
    account = { taken: Number(received), decided: Number(decided), busy };
  });
  const latencies = new Times();
  decisions.subscribe(({ latency }) => {
    latencies.add(latency);
  });

  await firstDecision(send, decisions);
  const idle = new Times();
  await asking(getState, 50, idle, pause(lookTime * 1000));
  latencies.clear();
  await steadily(flood, flood * lookTime, send);
  const capacity = latencies.spread().count / lookTime;
  await pause(1500); // the next status counts all of these messages

  const before = account;
  sent = 0;
  latencies.clear();
  const answers = new Times();
  const rate = options.factor * capacity;
  await asking(getState, 50, answers, steadily(rate, Math.round(rate * options.seconds), send));
  await pause(1500);
  const { taken, decided, busy } = account;
  return {
    ...options,
    ...{ capacity, sent, taken: taken - before.taken, decided: decided - before.decided, busy: busy - before.busy },
    ...{ latency: latencies.spread(), idleAnswer: idle.spread(), answer: answers.spread() },
  };
}
