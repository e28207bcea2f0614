/** What an event camera recorded. */
export interface EventClip {
  /** Size of the camera's picture [pixel]. */
  readonly width: number;
  readonly height: number;
  /** Where each event happened, see `addressOf`. */
  readonly address: Uint32Array;
  /** When [µs since the recording began]; whole, not descending. */
  readonly time: Float64Array;
}

/** Events in the order of their times; of the same time they stay as they were. */
export function inOrderOfTime({ width, height, address, time }: EventClip): EventClip {
  if (time.every((each, k) => k === 0 || each >= time[k - 1])) return { width, height, address, time };
  const order = Uint32Array.from(time, (_, k) => k).sort((a, b) => time[a] - time[b] || a - b);
  return {
    ...{ width, height },
    address: Uint32Array.from(order, (k) => address[k]),
    time: Float64Array.from(order, (k) => time[k]),
  };
}
