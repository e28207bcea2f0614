/** A recording of an event camera. */
export interface EventClip {
  /** Size of the camera's picture [pixel]. */
  readonly width: number;
  readonly height: number;
  /** Address of each event, see `addressOf`. */
  readonly address: Uint32Array;
  /** Time of each event [µs since the recording began]: integers, not descending. */
  readonly time: Float64Array;
}

/** Sorts events by time; events of the same time keep their order. */
export function inOrderOfTime({ width, height, address, time }: EventClip): EventClip {
  if (time.every((each, k) => k === 0 || each >= time[k - 1])) return { width, height, address, time };
  const order = Uint32Array.from(time, (_, k) => k).sort((a, b) => time[a] - time[b] || a - b);
  return {
    ...{ width, height },
    address: Uint32Array.from(order, (k) => address[k]),
    time: Float64Array.from(order, (k) => time[k]),
  };
}
