import type { Colour, PixelFormat } from './image-frame.js';

/** Colours in the order of planes. */
export const colours: readonly Colour[] = ['red', 'green', 'blue'];

const known = new Map<PixelFormat, readonly PixelFormat[] | undefined>();

/**
 * The same pixels with red alone, green alone and blue alone; `undefined` for images that are read as light: without
 * colour, of 16 bits (each would be spread over a range of its own), YUV and depth. It is made once per format.
 */
export function colourFormats(format: PixelFormat): readonly PixelFormat[] | undefined {
  if (!known.has(format)) known.set(format, split(format));
  return known.get(format);
}

function split(format: PixelFormat): readonly PixelFormat[] | undefined {
  if (format.wide === true || format.channels.every(({ colour }) => colour === undefined)) return undefined;
  return colours.map((wanted) => ({
    ...format,
    channels: format.channels.filter(({ colour }) => colour === wanted).map((one) => ({ ...one, weight: 1 })),
  }));
}
