import { deflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { decompress } from '../../../src/sensing/image/compressed-picture.js';
import { TopsparkError } from '../../../src/base/errors.js';
import { grey } from '../frames.js';
import { imageMessage } from '../messages.js';
import { bytesOf, pictureSet } from '../pictures/pictures.js';
import { cause, encoded } from './encoded.js';

const picture = (x: number, y: number): number => (x > 20 && y > 10 ? 220 : 30 + x);
const [width, height] = [40, 30];
const rgba = Buffer.from(
  Array.from({ length: width * height }, (_, i) => picture(i % width, Math.floor(i / width))).flatMap((v) => [
    v,
    v,
    v,
    255,
  ]),
);
const asJpeg = (): Uint8Array => jpeg.encode({ width, height, data: rgba }, 95).data;
function asPng(options: { bitDepth?: 8 | 16; colorType?: 0 | 2 | 6 } = {}): Uint8Array {
  const png = new PNG({ width, height });
  rgba.copy(png.data);
  return PNG.sync.write(png, options);
}
const limits = { maxBytes: 1e6, maxPixels: 1e6 };
const values = { width: 20, height: 15, encoding: 'plain' };
const plain = encoded('image', imageMessage(grey(width, height, picture)), values);

/** A chunk of a PNG: length, name, data, CRC-32. */
function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const [head, tail] = [Buffer.alloc(4), Buffer.alloc(4)];
  head.writeUInt32BE(data.length);
  tail.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return Buffer.concat([head, body, tail]);
}

describe('a compressed image', () => {
  it('is refused as PNG when pixels are missing, which are never filled from memory', () => {
    const whole = asPng({ colorType: 0 });
    const lines = Buffer.alloc(7 * (1 + width), 9);
    for (let line = 0; line < 7; line++) lines[line * (1 + width)] = 0;
    const parts = [whole.subarray(0, 33), chunk('IDAT', deflateSync(lines)), chunk('IEND', new Uint8Array())];
    const png = new Uint8Array(Buffer.concat(parts));
    expect(() => decompress(png, 'png', limits)).toThrow('its pixels have 287 bytes, expected 1230');
  });

  it('equals the uncompressed image as PNG', () => {
    for (const colorType of [0, 2, 6] as const) {
      expect(encoded('compressed_image', { format: 'png', data: asPng({ colorType }) }, values)).toEqual(plain);
    }
  });

  it('nearly equals the uncompressed image as JPEG', () => {
    const found = encoded('compressed_image', { format: 'rgb8; jpeg compressed bgr8', data: asJpeg() }, values);
    found.forEach((byte, k) => {
      expect(Math.abs(byte - plain[k])).toBeLessThan(8);
    });
  });

  // Written by Pillow, as this project's encoders do not write it.
  it.each([
    [
      'a grey JPEG',
      '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU' +
        'FRUVDA8XGBYUGBIUFRT/wAALCAAMABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACQj/xAAdEAABAgcAAAAAAAAAAAAAAAAABEED' +
        'CRETR4Xk/9oACAEBAAA/AIDTMIHCld28mV0PSH4mYfE//9k=',
    ],
    [
      'a progressive JPEG',
      '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU' +
        'FRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU' +
        'FBQUFBQUFBT/wgARCAAMABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAACAf/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/9oA' +
        'DAMBAAIQAxAAAAGAoE/Pg//EABkQAAIDAQAAAAAAAAAAAAAAAAACAQcQEf/aAAgBAQABBQJSKu4Ln//EABQRAQAAAAAAAAAAAAAA' +
        'AAAAAAD/2gAIAQMBAT8Bf//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQIBAT8Bf//EABgQAAIDAAAAAAAAAAAAAAAAAAAQNaPi' +
        '/9oACAEBAAY/AiTo0//EABQQAQAAAAAAAAAAAAAAAAAAACD/2gAIAQEAAT8hAJ//2gAMAwEAAgADAAAAEFP/xAAUEQEAAAAAAAAA' +
        'AAAAAAAAAAAA/9oACAEDAQE/EH//xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAECAQE/EH//xAAXEAADAQAAAAAAAAAAAAAAAAAA' +
        'EEFh/9oACAEBAAE/EJNgZX//2Q==',
    ],
    [
      'a JPEG of four inks',
      '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUV' +
        'FQwPFxgWFBgSFBUU/8AAFAgADAAQBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAAJCP/EAB0QAQABAwUAAAAAAAAA' +
        'AAAAAAAEAwlBERNHheT/2gAOBEMATQBZAEsAAD8AqmqmqmwHGwAoHStd7fJmvQ+kBPyNgBfF/9k=',
    ],
    [
      'a PNG with a palette',
      'iVBORw0KGgoAAAANSUhEUgAAABAAAAAMCAMAAABcOc2zAAAAM1BMVEXc3NwtLS0sLCwrKysqKiopKSkoKCgnJycmJiYlJSUkJCQj' +
        'IyMiIiIhISEgICAfHx8eHh51KaU0AAAAIUlEQVR4nGMQ4Ofj5eHm4uRgZ2NlYWZiZKBAgAEGBkYAAFHKBUGsvqfHAAAAAElFTkSu' +
        'QmCC',
    ],
    [
      'PNG of grey and alpha',
      'iVBORw0KGgoAAAANSUhEUgAAABAAAAAMCAQAAADB7vUKAAAAHklEQVR4nGOU+8/IgA8yMRAAlCtgQRfYRnUrhoQCAJLZAfyVJ3/y' +
        'AAAAAElFTkSuQmCC',
    ],
  ])('may be %s', (_, base64) => {
    const data = Uint8Array.from(Buffer.from(base64, 'base64'));
    const size = { width: 8, height: 6, encoding: 'plain' };
    const shown = imageMessage(grey(16, 12, (x, y) => (x > 7 && y > 3 ? 220 : 30 + x)));
    const wanted = encoded('image', shown, size);
    encoded('compressed_image', { format: 'bgr8; jpeg compressed bgr8', data }, size).forEach((byte, k) => {
      expect(Math.abs(byte - wanted[k])).toBeLessThan(8);
    });
    for (let length = 0; length < data.length; length += 1 + (length >> 5)) {
      expect(() => decompress(data.subarray(0, length), 'jpeg', limits)).toThrow(TopsparkError);
    }
  });

  it.each(['jpeg', 'png', 'rgb8; png compressed ', 'bgr8; jpeg compressed bgr8', ''])(
    'is decoded by its bytes, whatever its format says: %j',
    (format) => {
      expect(decompress(asPng(), format, limits)).toMatchObject({ encoding: 'rgba8', width, height });
      expect(decompress(asJpeg(), format, limits)).toMatchObject({ encoding: 'rgb8', width, height });
    },
  );

  // pictures/make.py says what wrote them.
  const files = pictureSet.compressed.map(({ data, ...rest }) => ({ ...rest, data: bytesOf(data) }));
  const small = {
    width: pictureSet.width / pictureSet.cell,
    height: pictureSet.height / pictureSet.cell,
    encoding: 'plain',
  };

  it.each(files.filter(({ luminance }) => luminance !== null))('is read when it is a $name', (file) => {
    const { format, data, luminance } = file;
    const found = encoded('compressed_image', { format, data }, { ...small, levels: '0 65535' });
    const off = [...found].map((byte, k) => Math.abs(byte - (luminance?.[k] ?? NaN)));
    expect(Math.max(...off)).toBeLessThanOrEqual(4);
  });

  const depths = files.flatMap(({ depth, ...file }) => (depth === null ? [] : [{ ...file, depth: bytesOf(depth) }]));

  it.each(depths)('is read to the millimetre when it is depth as $name', ({ format, data, depth }) => {
    const frame = decompress(data, format, limits);
    expect(frame).toMatchObject({ width: pictureSet.width, height: pictureSet.height, bigEndian: false });
    const view = new DataView(frame.data.buffer, frame.data.byteOffset, frame.data.byteLength);
    const wanted = new Uint16Array(depth.buffer);
    if (frame.encoding === '16UC1') {
      expect(frame.data).toEqual(depth);
      return;
    }
    // The transport is coarser at a distance: by one step of its integers at most.
    expect(frame.encoding).toBe('32FC1');
    const millimetres = Array.from(wanted, (_, k) => 1000 * view.getFloat32(4 * k, true));
    for (const [k, found] of millimetres.entries()) {
      if (wanted[k] === 0) expect(found).toBeNaN();
      else expect(Math.abs(found - wanted[k])).toBeLessThanOrEqual(0.5 + wanted[k] ** 2 / 1e7);
    }
  });

  it.each(depths)('is refused at every truncated length when it is depth as $name', ({ format, data }) => {
    for (let length = 0; length < data.length - 12; length++) {
      expect(() => decompress(data.subarray(0, length), format, limits)).toThrow(TopsparkError);
    }
  });

  it.each(files.filter(({ name }) => name.startsWith('JPEG')))(
    'is refused when pixels of a $name are missing',
    (file) => {
      const { data, format, name } = file;
      // The rest of the last byte may be padding; the rest of the end contains no pixels.
      const end = data.length - (name.includes('padded') ? 66 : 4);
      for (let length = 0; length < end; length++) {
        expect(() => decompress(data.subarray(0, length), format, limits)).toThrow(TopsparkError);
      }
    },
  );

  const header = Array<number>(12).fill(0);
  const size = (width: number, height: number): number[] => [...new Uint8Array(Uint32Array.of(width, height).buffer)];

  it.each([
    ['16UC1; compressedDepth png', header, 'its header is cut off'],
    ['16UC1; compressedDepth png', [...header, 1, 2, 3], 'no PNG follows the 12 bytes of the compressed depth header'],
    ['16UC1; compressedDepth png', [...header, ...asPng()], 'its PNG is not 16-bit grey'],
    ['16UC1; compressedDepth rvl', [...header, 1, 0, 0], 'its size is cut off'],
    ['16UC1; compressedDepth rvl', [...header, ...size(2000, 2000)], 'is 2000×2000 = 4000000 pixels, expected at most'],
    ['16UC1; compressedDepth rvl', [...header, ...size(2, 2), 0, 0, 0, 0x50], 'a run has 5 pixels, expected at most 4'],
    ['16UC1; compressedDepth rvl', [...header, ...size(2, 2), ...Array<number>(8).fill(255)], 'more than 32 bits'],
  ])('is refused as depth in %s when its bytes are wrong', (format, bytes, sentence) => {
    expect(() => decompress(Uint8Array.from(bytes), format, limits)).toThrow(sentence);
  });

  it('keeps its 16 bits, as depth when its format says so', () => {
    const png = new PNG({ width: 2, height: 1, bitDepth: 16, colorType: 0, inputColorType: 0, inputHasAlpha: false });
    png.data = Buffer.from(Uint16Array.of(1234, 5678).buffer);
    const data = PNG.sync.write(png, { bitDepth: 16, colorType: 0, inputColorType: 0, inputHasAlpha: false });
    const depth = decompress(data, '16UC1; png compressed', limits);
    expect(depth).toMatchObject({ width: 2, height: 1, encoding: '16UC1', step: 4, bigEndian: false });
    expect([...depth.data]).toEqual([1234 % 256, 1234 >> 8, 5678 % 256, 5678 >> 8]);
    expect(decompress(data, 'mono16; png compressed ', limits).encoding).toBe('mono16');
    expect(decompress(data, 'png', limits).encoding).toBe('16UC1');
  });

  const bomb = asPng();
  new DataView(bomb.buffer, bomb.byteOffset).setUint32(16, 60_000);
  const interlaced = asPng();
  interlaced[28] = 1;
  const truncated = (data: Uint8Array): Uint8Array => data.subarray(0, data.length >> 1);

  it.each([
    ['compressed_image_format', Uint8Array.of(1, 2, 3), 'neither JPEG nor PNG; its format field is "jpeg"'],
    ['compressed_image_too_large', new Uint8Array(1_000_001), 'has 1000001 bytes, expected at most 1000000'],
    ['compressed_image_too_large', bomb, 'is 60000×30 = 1800000 pixels, expected at most 1000000'],
    ['compressed_image_broken', interlaced, 'it is interlaced'],
    ['compressed_image_broken', bomb.subarray(0, 20), 'its header is cut off'],
    ['compressed_image_broken', truncated(asPng()), 'cannot be read as PNG'],
    ['compressed_image_broken', asJpeg().subarray(0, 30), 'cannot be read as JPEG'],
  ])('%s: is refused', (code, data, sentence) => {
    const decode = (): unknown => decompress(data, 'jpeg', limits);
    expect(decode).toThrow(cause(code));
    expect(decode).toThrow(sentence);
  });

  it('is refused as JPEG with more scans than any camera sends, before the first', () => {
    const whole = Buffer.from(asJpeg());
    const scan = whole.subarray(whole.indexOf(Buffer.of(0xff, 0xda)), -2);
    const withScans = (count: number): Uint8Array =>
      Buffer.concat([
        whole.subarray(0, -2 - scan.length),
        ...Array.from({ length: count }, () => scan),
        whole.subarray(-2),
      ]);
    expect(decompress(withScans(100), 'jpeg', limits)).toMatchObject({ width, height });
    const decode = (): unknown => decompress(withScans(101), 'jpeg', limits);
    expect(decode).toThrow(cause('compressed_image_broken'));
    expect(decode).toThrow('it has 101 scans, expected at most 100');
  });

  it('is checked as JPEG before it is decompressed', () => {
    expect(() => decompress(asJpeg(), 'jpeg', { ...limits, maxPixels: 1000 })).toThrow(
      cause('compressed_image_too_large'),
    );
  });
});
