/** Where time comes from. Passed in everywhere, so that simulated time and tests need nothing else. */
export interface Clock {
  /** Time of the robot [s]: ROS time in the node, which simulation may drive; any origin. */
  now(): number;
  /** Monotonic time [s] for latencies; never simulated. */
  monotonic(): number;
}
