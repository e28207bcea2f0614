import { integer, limit } from '../../base/parameters.js';
import { decompress } from './compressed-picture.js';
import { imageEncodings, pictureEncoder, pictureIdentity, pictureParameters } from './image-sensor.js';
import type { SensorEncoder, SensorKind } from '../sensor.js';

/** The fields of sensor_msgs/CompressedImage that are read. */
export interface CompressedImageMessage {
  readonly format: string;
  readonly data: ArrayLike<number>;
}

/** A camera that sends JPEG or PNG: sensor_msgs/CompressedImage. */
export const compressedImage: SensorKind = {
  name: 'compressed_image',
  shows: 'picture',
  topic: 'image/compressed',
  type: 'sensor_msgs/msg/CompressedImage',
  encodings: imageEncodings,
  parameters: [
    ...pictureParameters,
    limit(integer('max_bytes', 16_777_216, [64, 2 ** 28], 'larger compressed images are refused [byte]')),
  ],
  identity: pictureIdentity,
  create(values): SensorEncoder<CompressedImageMessage> {
    const limits = { maxBytes: values.number('max_bytes'), maxPixels: values.number('max_pixels') };
    return pictureEncoder(values, ({ data, format }: CompressedImageMessage) =>
      decompress(data instanceof Uint8Array ? data : Uint8Array.from(data), format, limits),
    );
  },
};
