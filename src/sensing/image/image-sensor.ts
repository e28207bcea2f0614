import { double, integer, limit } from '../../base/parameter-entry.js';
import type { ParameterValues } from '../../base/parameter-values.js';
import { ImageEncoder, imageEncodings, mostPixels, type ImageEncoderOptions } from './image-encoder.js';
import type { ImageFrame } from './image-frame.js';
import type { SensorEncoder, SensorKind } from '../sensor.js';

/** The fields of sensor_msgs/Image that are read. */
export interface ImageMessage {
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  readonly is_bigendian: number;
  readonly step: number;
  readonly data: ArrayLike<number>;
}

/** Parameters of every sensor that sends pictures. */
export const pictureParameters = [
  integer('width', 28, [4, 128], 'width to which an image is brought before encoding [pixel]'),
  integer('height', 28, [4, 128], 'height to which an image is brought before encoding [pixel]'),
  limit(integer('max_pixels', mostPixels, [1, 2 ** 30], 'larger images are refused [pixel]')),
  double('max_depth', 10, [0.1, 1000], 'read-only', 'depth that counts as far, where the images are of depth [m]'),
];

/** Options of a picture encoder from {@link pictureParameters}. */
function pictureOptions(values: ParameterValues): ImageEncoderOptions {
  return {
    width: values.number('width'),
    height: values.number('height'),
    encoding: values.text('encoding') === 'contrast' ? 'contrast' : 'plain',
    maxPixels: values.number('max_pixels'),
    maxDepth: values.number('max_depth'),
  };
}

/** An image as its encoder takes it; the pixels are neither copied nor looked at. */
export function imageFrame(message: ImageMessage): ImageFrame {
  const { width, height, encoding, step, data } = message;
  const bytes = data instanceof Uint8Array ? data : Uint8Array.from(data);
  return { width, height, encoding, bigEndian: message.is_bigendian !== 0, step, data: bytes };
}

/**
 * An encoder of pictures.
 *
 * @param frame - gets the picture out of a message
 */
export function pictureEncoder<Message extends object>(
  values: ParameterValues,
  frame: (message: Message) => ImageFrame,
): SensorEncoder<Message> {
  const encoder = new ImageEncoder(pictureOptions(values));
  const { rows, columns, polarity } = encoder;
  return {
    ...{ rows, columns, polarity },
    encode: (message, into) => {
      encoder.encode(frame(message), into);
    },
  };
}

/** A camera: sensor_msgs/Image. */
export const image: SensorKind = {
  name: 'image',
  shows: 'picture',
  topic: 'image',
  type: 'sensor_msgs/msg/Image',
  encodings: imageEncodings,
  parameters: pictureParameters,
  create(values): SensorEncoder<ImageMessage> {
    return pictureEncoder(values, imageFrame);
  },
};
