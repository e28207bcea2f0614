/** A sensor message as received, not yet converted. */
export interface SensorEvent {
  /** Name of the sensor: `scan`, the name of its kind, or `scan_rear`, one of several. */
  readonly sensor: string;
  /** Stamp of the message [ns]. */
  readonly stamp: bigint;
  /** Its frame_id, copied to the decision. */
  readonly frameId: string;
  /** Monotonic time at which it was taken [s]. */
  readonly taken: number;
  /** Its fields, by their names in ROS. */
  readonly message: object;
  /** Releases the message's memory; called when nothing reads it any more. */
  readonly release?: (() => void) | undefined;
}
