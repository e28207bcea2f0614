/** What became of the messages of one sensor: heard = used + counted + waiting, but for the sample in hand. */
export interface SensorAccount {
  readonly name: string;
  /** Messages that came. */
  readonly heard: number;
  /** Part of a sample that was decided; of another than the primary sensor: part of any; of an IMU: part of its windows. */
  readonly used: number;
  /** Gone otherwise, each under a cause in `AgentStatus.dropped`. */
  readonly counted: number;
  /** Kept for a match. */
  readonly waiting: number;
  /** Of a sensor whose messages hold many things, what became of those, in words. */
  readonly details?: Readonly<Record<string, number>>;
}
