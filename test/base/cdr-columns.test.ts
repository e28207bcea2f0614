import { parse } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../src/bag/bag-definitions.js';
import { writeCdr } from '../../src/base/cdr.js';
import { CdrReader, CdrWriter, type Columns } from '../../src/base/cdr-codec.js';

interface Events {
  readonly header: { readonly frame_id: string };
  readonly events: Columns;
}

const event = (k: number): object => ({
  ...{ x: k, y: 65_535 - k, ts: { sec: 100 + k, nanosec: 999_999_999 - k }, polarity: k % 3 === 0 },
});

describe.each(['dvs_msgs/msg/EventArray', 'prophesee_event_msgs/msg/EventArray'])(
  'a sequence of events of %s',
  (type) => {
    const definitions = parse(schemaOf(type), { ros2: true });
    const reader = new CdrReader<Events>(definitions);
    // The length of the text before shifts the start of the events.
    it.each(['', 'c', 'ca', 'cam'])('is read as columns after the frame "%s"', (frame_id) => {
      const header = { stamp: { sec: 7, nanosec: 8 }, frame_id };
      const message = { header, height: 3, width: 4, events: [0, 1, 2, 3, 4].map(event) };
      for (const bytes of [
        writeCdr(new MessageWriter(definitions), message),
        Uint8Array.from(new CdrWriter(definitions).write(message)),
      ]) {
        const { events, header: read } = reader.read(bytes);
        expect(read).toEqual(header);
        expect(events.length).toBe(5);
        const { x, y, polarity, ...ts } = events.columns;
        expect([...x]).toEqual([0, 1, 2, 3, 4]);
        expect([...y]).toEqual([65_535, 65_534, 65_533, 65_532, 65_531]);
        expect([...polarity]).toEqual([1, 0, 0, 1, 0]);
        expect([...ts['ts.sec']]).toEqual([100, 101, 102, 103, 104]);
        expect([...ts['ts.nanosec']]).toEqual([0, 1, 2, 3, 4].map((k) => 999_999_999 - k));
      }
    });

    it('allocates no memory for missing events', () => {
      const header = { stamp: { sec: 0, nanosec: 0 }, frame_id: '' };
      const bytes = writeCdr(new MessageWriter(definitions), { header, height: 1, width: 1, events: [event(1)] });
      // The number of events follows encapsulation, stamp, text of one byte and two sizes.
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(4 + 8 + 8 + 8, 2 ** 32 - 1, true);
      expect(() => reader.read(bytes)).toThrow();
    });
  },
);
