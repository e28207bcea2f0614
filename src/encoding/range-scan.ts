/** A turn of a laser; the fields and their meaning are those of sensor_msgs/LaserScan. */
export interface RangeScan {
  /**
   * Distances, the first at `angleMin` [m]. As REP-117 has it: +Inf nothing seen, −Inf too close, NaN bad; valid is
   * what is in `rangeMin`..`rangeMax`.
   */
  readonly ranges: ArrayLike<number>;
  /** [rad] */
  readonly angleMin: number;
  readonly angleIncrement: number;
  /** [m] */
  readonly rangeMin: number;
  readonly rangeMax: number;
}
