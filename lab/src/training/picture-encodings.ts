import { imageEncodings } from 'topspark/sensing/image/image-sensor.js';
import { changeEncoding } from 'topspark/sensing/sensor-kinds.js';

/** Encodings of the pictures of a data set as intensities: those of a camera. */
export const pictureEncodings = [...imageEncodings, changeEncoding] as const;

/** The default encoding of a camera. */
export const [standardImage] = imageEncodings;

/** One of {@link pictureEncodings}. */
export type PictureEncoding = (typeof pictureEncodings)[number];
