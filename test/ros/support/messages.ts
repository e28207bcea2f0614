interface Stamped {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number }; readonly frame_id: string };
}

/** The fields of topspark_msgs/Decision that tests look at. */
export interface Decision extends Stamped {
  readonly label: string;
  readonly given_label: string;
  readonly confidence: number;
  readonly classes: readonly string[];
  readonly scores: readonly number[];
  readonly timesteps: number;
  readonly timesteps_run: number;
  readonly latency: number;
  readonly energy: number;
  readonly learned: boolean;
  readonly repeated: boolean;
}

/** The fields of topspark_msgs/Status that tests look at. */
export interface Status extends Stamped {
  readonly received: number;
  readonly decided: number;
  readonly learned: number;
  readonly repeated: number;
  readonly labelled: number;
  readonly labels_waiting: number;
  readonly label_lateness: number;
  readonly dropped_causes: readonly string[];
  readonly dropped_counts: readonly number[];
  readonly classes: readonly string[];
  readonly energy_used: number;
  readonly energy_saved: number;
  readonly memory: number;
  readonly latency_p99: number;
}

/** How many messages were refused or skipped for a cause; undefined: none. */
export const dropped = (
  { dropped_causes: causes, dropped_counts: counts }: Status,
  cause: string,
): number | undefined => counts[causes.indexOf(cause)];
