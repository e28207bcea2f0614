/** A turn of a laser; the fields and their meaning are those of sensor_msgs/LaserScan. */
export interface RangeScan {
  /**
   * Distances, the first at `angleMin` [m]. As REP-117 has it: +Inf nothing seen, −Inf too close, NaN bad; valid is
   * what is in `rangeMin`..`rangeMax`. 0, which many drivers send where nothing came back, is bad whatever `rangeMin` is.
   */
  readonly ranges: ArrayLike<number>;
  /** [rad] */
  readonly angleMin: number;
  readonly angleIncrement: number;
  /** [m] */
  readonly rangeMin: number;
  readonly rangeMax: number;
}
