/** Message counts of one sensor: heard = used + counted + waiting, not counting the current sample. */
export interface SensorAccount {
  readonly name: string;
  /** Messages received. */
  readonly heard: number;
  /** Primary sensor: in a decided sample. Other sensors: in any sample. An IMU: in its windows. */
  readonly used: number;
  /** Refused or dropped, each under a cause in `AgentStatus.dropped`. */
  readonly counted: number;
  /** Waiting for a match. */
  readonly waiting: number;
  /** Counts of the parts of messages by name, for a sensor whose messages hold many. */
  readonly details?: Readonly<Record<string, number>>;
}
