/** Message counts of one sensor: heard = used + counted + waiting, apart from the sample in hand. */
export interface SensorAccount {
  readonly name: string;
  /** Messages received. */
  readonly heard: number;
  /** Part of a decided sample; of other sensors than the primary: part of any sample; of an IMU: part of its windows. */
  readonly used: number;
  /** Refused or dropped, each under a cause in `AgentStatus.dropped`. */
  readonly counted: number;
  /** Waiting for a match. */
  readonly waiting: number;
  /** Counts of the parts of messages by name, for a sensor whose messages hold many. */
  readonly details?: Readonly<Record<string, number>>;
}
