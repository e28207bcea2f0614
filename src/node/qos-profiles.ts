/** Quality of service of one kind of topic; history is always keep last. */
export interface QosProfile {
  readonly reliability: 'reliable' | 'best_effort';
  readonly durability: 'volatile' | 'transient_local';
  /** Messages kept for a slow reader, at least 1. */
  readonly depth: number;
}

/** The profiles in use, by purpose (REP-2003). */
export const qosProfiles = {
  /** Sensors: the newest message wins, the middleware drops the rest. */
  sensorData: { reliability: 'best_effort', durability: 'volatile', depth: 1 },
  /**
   * Sensors whose every message counts: the queue holds as many as a driver may send at once, or while the node is busy
   * for a second.
   */
  sensorStream: { reliability: 'best_effort', durability: 'volatile', depth: 256 },
  /** Labels are rare and valuable: none may be lost, even when many come at once. */
  labels: { reliability: 'reliable', durability: 'volatile', depth: 100 },
  /** Outputs of the node. */
  output: { reliability: 'reliable', durability: 'volatile', depth: 10 },
  /** State: late subscribers get the last message. */
  latched: { reliability: 'reliable', durability: 'transient_local', depth: 1 },
} as const satisfies Record<string, QosProfile>;
