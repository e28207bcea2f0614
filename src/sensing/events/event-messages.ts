import type { Columns } from '../../base/cdr-codec.js';
import { addressOf, type EventBatch } from './event-batch.js';

/** The fields of event_camera_msgs/EventPacket that are read. */
export interface EventPacketMessage {
  /** Size of the camera's picture [pixel]. */
  readonly width: number;
  readonly height: number;
  /** Sequence number of the packet: one more each time. */
  readonly seq: bigint;
  readonly encoding: string;
  readonly is_bigendian: boolean;
  readonly events: Uint8Array;
}

/** An event of dvs_msgs/Event and prophesee_event_msgs/Event. */
export interface EventMessage {
  readonly x: number;
  readonly y: number;
  readonly ts: { readonly sec: number; readonly nanosec: number };
  readonly polarity: boolean;
}

/** The fields of dvs_msgs/EventArray and prophesee_event_msgs/EventArray that are read. */
export interface EventArrayMessage {
  readonly width: number;
  readonly height: number;
  /** Columns where the bytes had the usual layout. */
  readonly events: Columns | readonly EventMessage[];
}

/** Writes the events of a message into batches, and flushes each. Times count from the first event. */
export function readEventArray({ events }: EventArrayMessage, batch: EventBatch): void {
  const { x, y, polarity, sec, nanosec } = columnsOf(events);
  for (let from = 0; from < events.length; from += batch.capacity) {
    const count = Math.min(batch.capacity, events.length - from);
    for (let k = 0; k < count; k++) {
      const at = from + k;
      batch.address[k] = addressOf(x[at], y[at], polarity[at]);
      batch.time[k] = (sec[at] - sec[0]) * 1e6 + (nanosec[at] - nanosec[0]) / 1000;
    }
    batch.flush(count);
  }
}

type Numbers = ArrayLike<number>;

function columnsOf(events: EventArrayMessage['events']): Record<'x' | 'y' | 'polarity' | 'sec' | 'nanosec', Numbers> {
  if ('columns' in events) {
    const { x, y, polarity, 'ts.sec': sec, 'ts.nanosec': nanosec } = events.columns;
    return { x, y, polarity, sec, nanosec };
  }
  return {
    x: events.map((event) => event.x),
    y: events.map((event) => event.y),
    polarity: events.map((event) => Number(event.polarity)),
    sec: events.map((event) => event.ts.sec),
    nanosec: events.map((event) => event.ts.nanosec),
  };
}
