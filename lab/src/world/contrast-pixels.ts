import { deterministicLog } from 'topspark/base/deterministic-functions.js';

// Pixels of a SIMULATED event camera that sees one picture after the other. Each pixel reports when ln(g + 10) of its
// grey value g has changed by θ since its last event. Between two pictures the logarithm is interpolated linearly.
//
// Source: Rebecq, Gehrig & Scaramuzza, ESIM, CoRL 2018. This is the noise-free model of
// datasets/events/simulated-event-camera.ts, which moves the pictures of a data set.

/** θ */
const threshold = 0.2;
const logarithms = Float64Array.from({ length: 256 }, (_, grey) => deterministicLog(grey + 10));

/** A report of one pixel. */
export interface PixelEvent {
  readonly x: number;
  readonly y: number;
  readonly brighter: boolean;
  /** In the time base of the pictures [µs]. */
  readonly time: number;
}

/** The pixels of the camera. The first picture sets their references and causes no events. */
export class ContrastPixels {
  #before: Float64Array | undefined;
  #reference = new Float64Array(0);
  #then = 0;

  /** @param width - width of the pictures [pixel] */
  constructor(readonly width: number) {}

  /**
   * Shows a picture.
   *
   * @param time - when it is seen [µs]; later than the picture before
   * @returns the events since the picture before, in order of time
   */
  see(picture: Uint8Array, time: number): PixelEvent[] {
    const now = Float64Array.from(picture, (grey) => logarithms[grey]);
    const [before, then] = [this.#before, this.#then];
    [this.#before, this.#then] = [now, time];
    if (before === undefined) {
      this.#reference = now.slice();
      return [];
    }
    const events: PixelEvent[] = [];
    for (const [pixel, level] of now.entries()) {
      const sign = level > before[pixel] ? 1 : -1;
      for (;;) {
        const next = this.#reference[pixel] + sign * threshold;
        if (sign * (level - next) < 0 || level === before[pixel]) break;
        const share = (next - before[pixel]) / (level - before[pixel]);
        const [x, y] = [pixel % this.width, Math.floor(pixel / this.width)];
        events.push({ x, y, brighter: sign > 0, time: Math.floor(then + share * (time - then)) });
        this.#reference[pixel] = next;
      }
    }
    return events.sort((a, b) => a.time - b.time);
  }
}

/** Encodes events as `libcaer`: 64 bits each, with times relative to the first. */
export function libcaerPacket(events: readonly PixelEvent[]): Uint8Array {
  const words = events.flatMap(({ x, y, brighter, time }) => [
    ((x << 17) | (y << 2) | (Number(brighter) << 1) | 1) >>> 0,
    time - events[0].time,
  ]);
  return new Uint8Array(Uint32Array.from(words).buffer);
}
