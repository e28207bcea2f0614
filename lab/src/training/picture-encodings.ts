import { imageEncodings } from 'topspark/sensing/image/image-sensor.js';
import { changeEncoding } from 'topspark/sensing/sensor-kinds.js';

/** Names of the ways in which pictures of a data set become intensities: those of a camera. */
export const pictureEncodings = [...imageEncodings, changeEncoding] as const;

/** That of a camera unless another is asked for. */
export const [standardImage] = imageEncodings;

/** One of {@link pictureEncodings}. */
export type PictureEncoding = (typeof pictureEncodings)[number];
