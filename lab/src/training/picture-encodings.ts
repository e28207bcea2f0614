import { imageEncodings } from 'topspark/sensing/image/image-sensor.js';
import { changeEncoding } from 'topspark/sensing/sensor-kinds.js';

/** Names of the ways in which pictures of a data set become intensities: those of a camera. */
export const pictureEncodings = [...imageEncodings, changeEncoding] as const;

/** One of {@link pictureEncodings}. */
export type PictureEncoding = (typeof pictureEncodings)[number];
