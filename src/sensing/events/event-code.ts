import { noFrontEnd, type FrontEndCounts } from '../../snn/operation-counts.js';
import { EdgeEncoder, flatGradient } from '../image/edges.js';
import type { ShownInputs } from '../sensor.js';
import type { EventPicture } from './event-picture.js';

/** Names of the encodings from the events of a window to intensities; the first is the default. */
export const eventCodes = ['edges', 'plain'] as const;

/** How a picture of events becomes intensities. */
export interface EventCode {
  /** Shape of the intensities. */
  readonly rows: number;
  readonly columns: number;
  readonly shown?: ShownInputs;
  /** Cost of the last picture. */
  readonly work: Readonly<FrontEndCounts>;
  /**
   * @param into - `rows` × `columns` bytes
   * @returns a sentence (found, expected) if there is nothing to see; `into` is all zero then
   */
  encode(picture: EventPicture, into: Uint8Array): string | undefined;
}

/** The largest of some counts. */
function largestOf(counts: Float64Array): number {
  let largest = 0;
  for (const count of counts) if (count > largest) largest = count;
  return largest;
}

/** Counts relative to the largest of both planes: the on plane, and the off plane below it. */
function plainCode(columns: number, rows: number): EventCode {
  const work = { ...noFrontEnd };
  return {
    ...{ rows: 2 * rows, columns, work },
    encode({ counts }, into): string | undefined {
      const largest = largestOf(counts);
      work.frontEndAdditions = counts.length;
      work.frontEndDivisions = 0;
      for (let k = 0; k < counts.length; k++) {
        into[k] = largest === 0 ? 0 : Math.floor((255 * counts[k]) / largest + 0.5);
        if (counts[k] > 0) work.frontEndDivisions++;
      }
      return largest === 0 ? 'no event counts' : undefined;
    },
  };
}

/** Directions of edges in the picture of rises, relative to the brightest cell. */
function edgeCode(columns: number, rows: number): EventCode {
  const edges = new EdgeEncoder(columns, rows);
  let scaled = 0;
  return {
    ...{ rows: 1, columns: edges.inputs, shown: edges.shown },
    get work(): FrontEndCounts {
      const { frontEndAdditions, frontEndDivisions, ...rest } = edges.work;
      const largest = columns * rows;
      return {
        ...rest,
        frontEndAdditions: frontEndAdditions + largest,
        frontEndDivisions: frontEndDivisions + scaled,
      };
    },
    encode({ rises }, into): string | undefined {
      const largest = Math.max(1, largestOf(rises));
      scaled = 0;
      for (let k = 0; k < rises.length; k++) {
        edges.picture[k] = Math.floor((255 * rises[k]) / largest + 0.5);
        if (rises[k] > 0) scaled++;
      }
      return edges.encode(into) < flatGradient ? 'it is as bright everywhere' : undefined;
    },
  };
}

/** An encoding by its name; for any other name the last, from which changes in time are made. */
export const eventCode = (name: string, columns: number, rows: number): EventCode =>
  name === eventCodes[0] ? edgeCode(columns, rows) : plainCode(columns, rows);
