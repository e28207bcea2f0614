import { addressOf } from 'topspark/sensing/events/event-batch.js';
import { reasonOf, TopsparkError } from 'topspark/base/errors.js';
import { readRegular } from 'topspark/base/regular-file.js';
import { inOrderOfTime, type EventClip } from './event-clip.js';

// A recording of N-MNIST: 40 bits per event, big-endian.
//
//   x (8 bits), y (8 bits), polarity (1: brighter), time (23 bits) [µs]
//
// y = 240 is not an event: it adds 2^13 µs to the times after it.
//
// Source: Orchard, Jayawant, Cohen & Thakor, Front. Neurosci. 9:437, 2015; y = 240 as PyPI's tonic 1.7.0 reads it.

/** Bytes per event. */
const eventBytes = 5;
/** Side of the part of the sensor that was recorded [pixel]. */
const side = 34;
const overflow = 240;
const mostBytes = 2 ** 28;

/**
 * Reads a recording of N-MNIST.
 *
 * @throws {@link TopsparkError} `events_unreadable`, `events_damaged` naming the file and the byte
 */
export function readNMnist(path: string): EventClip {
  const bytes = readEvents(path);
  const count = Math.floor(bytes.length / eventBytes);
  if (count * eventBytes !== bytes.length) {
    const found = `it ends within an event at byte ${count * eventBytes}`;
    throw damagedEvents(path, found, `whole events of ${eventBytes} bytes`);
  }
  const address = new Uint32Array(count);
  const time = new Float64Array(count);
  let [events, later] = [0, 0];
  for (let at = 0; at < bytes.length; at += eventBytes) {
    const [x, y, upper] = bytes.subarray(at, at + 3);
    if (y === overflow) {
      later += 2 ** 13;
      continue;
    }
    if (x >= side || y >= side) {
      const found = `the event at byte ${at} happened at x = ${x}, y = ${y}`;
      throw damagedEvents(path, found, `0..${side - 1}, as in N-MNIST`);
    }
    address[events] = addressOf(x, y, upper >> 7);
    time[events++] = (((upper & 0x7f) << 16) | bytes.readUInt16BE(at + 3)) + later;
  }
  const clip = { width: side, height: side, address: address.subarray(0, events), time: time.subarray(0, events) };
  return inOrderOfTime(clip);
}

/**
 * Reads the bytes of a file of events.
 *
 * @throws {@link TopsparkError} `events_unreadable`
 */
export function readEvents(path: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readRegular(path, mostBytes + 1);
  } catch (cause) {
    throw new TopsparkError('events_unreadable', 'data', `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (bytes.length <= mostBytes) return bytes;
  const found = `${path} has more than ${mostBytes} bytes`;
  throw new TopsparkError('events_unreadable', 'data', `${found}, expected at most that of one recording: cut it`);
}

/** Error for a damaged file of events. */
export const damagedEvents = (path: string, found: string, expected: string): TopsparkError =>
  new TopsparkError('events_damaged', 'data', `${path} is damaged: ${found}, expected ${expected}`);
