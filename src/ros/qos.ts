import type { QosProfile } from '../node/qos-profiles.js';
import { ros } from './rclnodejs.js';

/** A fresh rclnodejs QoS; rclnodejs writes overrides into it, so that none may be shared by two entities. */
export function toQos({ reliability, durability, depth }: QosProfile): ros.QoS {
  const { HistoryPolicy, ReliabilityPolicy, DurabilityPolicy } = ros.QoS;
  return new ros.QoS(
    HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
    depth,
    reliability === 'reliable'
      ? ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE
      : ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT,
    durability === 'volatile'
      ? DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_VOLATILE
      : DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL,
  );
}
