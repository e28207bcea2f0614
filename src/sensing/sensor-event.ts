/** A sensor message as it came, nothing converted yet. */
export interface SensorEvent {
  /** Name of the sensor: that of its kind, `scan`, or of one of several, `scan_rear`. */
  readonly sensor: string;
  /** Stamp of the message [ns]. */
  readonly stamp: bigint;
  /** Its frame_id, copied to the decision. */
  readonly frameId: string;
  /** Monotonic time at which it was taken [s]. */
  readonly taken: number;
  /** Its fields, under their names in ROS. */
  readonly message: object;
  /** Gives the message's memory back; called where nothing reads it any more. */
  readonly release?: (() => void) | undefined;
}
