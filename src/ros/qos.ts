import type { QoS, QoSOverridingOptions } from 'rclnodejs';
import { qosBlock, type Endpoint } from '../node/qos-parameters.js';
import type { QosProfile } from '../node/qos-profiles.js';
import { ros } from './rclnodejs.js';

/** A fresh rclnodejs QoS; rclnodejs writes overrides into it, so two entities must not share one. */
export function toQos({ reliability, durability, depth }: QosProfile): QoS {
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

/** The part of a node with its names and parameters. */
interface Named {
  resolveTopicName(topic: string): string;
  hasParameter(name: string): boolean;
}

/** Options of an endpoint of the node. Declared overrides of its quality of service are applied. */
export function qosOptions(
  node: Named,
  { topic, kind, profile }: Endpoint,
): { readonly qos: QoS; readonly qosOverridingOptions?: QoSOverridingOptions } {
  const given = node.hasParameter(`${qosBlock(node.resolveTopicName(topic), kind)}.depth`);
  // Without overrides the option is left out, since rclnodejs would declare the missing ones.
  return {
    qos: toQos(profile),
    ...(given && { qosOverridingOptions: ros.QoSOverridingOptions.withDefaultPolicies() }),
  };
}
