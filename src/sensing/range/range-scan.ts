/** A scan of a laser; the fields are those of sensor_msgs/LaserScan. */
export interface RangeScan {
  /**
   * Distances, the first at `angleMin` [m]. By REP-117, +Inf means nothing seen, −Inf too close, NaN bad; values within
   * `rangeMin`..`rangeMax` are valid. Many drivers send 0 where no echo came; it counts as bad, whatever `rangeMin` is.
   */
  readonly ranges: ArrayLike<number>;
  /** [rad] */
  readonly angleMin: number;
  readonly angleIncrement: number;
  /** [m] */
  readonly rangeMin: number;
  readonly rangeMax: number;
}
