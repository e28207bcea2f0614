"""Writes pictures.json: one picture in every encoding, and its luminance, by other software than this project's.

pip install numpy pillow opencv-python-headless av; python make.py. Written with PyAV 18.1.0 (FFmpeg's libswscale makes the
encodings), OpenCV 5.0.0 and Pillow 13.0.0 (they tell the luminance, and write JPEG and PNG).
"""

import base64
import io
import json
import struct
from pathlib import Path

import av
import cv2
import numpy
from PIL import Image

WIDTH, HEIGHT, CELL = 24, 16, 4
x, y = numpy.meshgrid(numpy.linspace(0, 1, WIDTH), numpy.linspace(0, 1, HEIGHT))
# Smooth, and its colours differ: a reader that swaps two of them fails.
share = numpy.stack([0.2 + 0.7 * x, 0.1 + 0.5 * y * x, 0.9 - 0.6 * y], axis=2)
rgb16 = numpy.round(65535 * share).astype(numpy.uint16)
rgb8 = numpy.round(255 * share).astype(numpy.uint8)

text = lambda data: base64.b64encode(bytes(data)).decode()


def packed(frame, row_bytes):
    """The bytes of a frame, its planes after each other, without FFmpeg's padding."""
    out = b""
    for plane, length in zip(frame.planes, row_bytes):
        rows = numpy.frombuffer(bytes(plane), numpy.uint8).reshape(-1, plane.line_size)
        out += rows[:, :length].tobytes()
    return out


def cells(grey):
    """Means of 4 x 4 pixels."""
    return numpy.asarray(grey, float).reshape(HEIGHT // CELL, CELL, WIDTH // CELL, CELL).mean(axis=(1, 3)).round(2).ravel().tolist()


pictures = []


def add(encoding, data, grey, step, big_endian=False):
    pictures.append({"encoding": encoding, "bigEndian": big_endian, "step": step, "data": text(data), "luminance": cells(grey)})


light = numpy.asarray(Image.fromarray(rgb8).convert("L"))
for encoding, name, bytes_ in [
    ("rgb8", "rgb24", 3), ("bgr8", "bgr24", 3), ("rgba8", "rgba", 4), ("bgra8", "bgra", 4),
    ("8UC3", "bgr24", 3), ("8UC4", "bgra", 4),
]:
    frame = av.VideoFrame.from_ndarray(rgb8, format="rgb24").reformat(format=name)
    add(encoding, packed(frame, [bytes_ * WIDTH]), light, bytes_ * WIDTH)
for encoding, name, bytes_ in [
    ("rgb16", "rgb48", 6), ("bgr16", "bgr48", 6), ("rgba16", "rgba64", 8), ("bgra16", "bgra64", 8),
    ("16UC3", "bgr48", 6), ("16UC4", "bgra64", 8),
]:
    for order in ["le", "be"]:
        frame = av.VideoFrame.from_ndarray(rgb16, format="rgb48le").reformat(format=name + order)
        add(encoding, packed(frame, [bytes_ * WIDTH]), light, bytes_ * WIDTH, order == "be")
grey16 = cv2.cvtColor(rgb16, cv2.COLOR_RGB2GRAY)
for order in ["le", "be"]:
    frame = av.VideoFrame.from_ndarray(grey16, format="gray16le").reformat(format="gray16" + order)
    add("mono16", packed(frame, [2 * WIDTH]), grey16 / 257, 2 * WIDTH, order == "be")

for encoding, name, code in [
    ("yuyv", "yuyv422", cv2.COLOR_YUV2GRAY_YUY2), ("yuv422_yuy2", "yuyv422", cv2.COLOR_YUV2GRAY_YUY2),
    ("uyvy", "uyvy422", cv2.COLOR_YUV2GRAY_UYVY), ("yuv422", "uyvy422", cv2.COLOR_YUV2GRAY_UYVY),
]:
    data = packed(av.VideoFrame.from_ndarray(rgb8, format="rgb24").reformat(format=name), [2 * WIDTH])
    grey = cv2.cvtColor(numpy.frombuffer(data, numpy.uint8).reshape(HEIGHT, WIDTH, 2), code)
    add(encoding, data, grey, 2 * WIDTH)
for encoding, chroma in [("nv12", WIDTH), ("nv21", WIDTH), ("nv24", 2 * WIDTH)]:
    data = packed(av.VideoFrame.from_ndarray(rgb8, format="rgb24").reformat(format=encoding), [WIDTH, chroma])
    whole = numpy.frombuffer(data, numpy.uint8)
    if encoding == "nv24":  # OpenCV does not know it; its luminance is that of nv12
        grey = whole[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)
    else:
        grey = cv2.cvtColor(whole.reshape(HEIGHT * 3 // 2, WIDTH), cv2.COLOR_YUV2GRAY_420)
    add(encoding, data, grey, WIDTH)

for pattern in ["rggb", "bggr", "gbrg", "grbg"]:
    code = getattr(cv2, f"COLOR_Bayer{pattern.upper()}2GRAY")
    for source, bits in [(rgb8, 8), (rgb16, 16)]:
        mosaic = numpy.zeros((HEIGHT, WIDTH), source.dtype)
        for k, colour in enumerate(pattern):
            mosaic[k >> 1 :: 2, k & 1 :: 2] = source[k >> 1 :: 2, k & 1 :: 2, "rgb".index(colour)]
        grey = cv2.cvtColor(mosaic, code) / (1 if bits == 8 else 257)
        for order in "<" if bits == 8 else "<>":
            data = mosaic.astype(mosaic.dtype.newbyteorder(order)).tobytes()
            add(f"bayer_{pattern}{bits}", data, grey, WIDTH * bits // 8, order == ">")

compressed = []


def add_file(name, format_, data, luminance=None, depth=None):
    compressed.append({"name": name, "format": format_, "data": text(data), "luminance": luminance, "depth": depth})


def jpeg(**options):
    file = io.BytesIO()
    Image.fromarray(rgb8).save(file, "JPEG", quality=92, **options)
    return file.getvalue()


def without_tables(data):
    """Segments of Huffman tables (0xffc4) left out, as in MJPEG."""
    at, out = 2, data[:2]
    while data[at + 1] != 0xDA:
        length = 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        out += b"" if data[at + 1] == 0xC4 else data[at : at + length]
        at += length
    return out + data[at:]


format_ = "rgb8; jpeg compressed bgr8"
seen = cells(numpy.asarray(Image.open(io.BytesIO(jpeg())).convert("L")))
add_file("JPEG without Huffman tables", "jpeg", without_tables(jpeg()), seen)
add_file("JPEG without its end marker", format_, jpeg()[:-2], seen)
add_file("JPEG without half of its end marker", format_, jpeg()[:-1], seen)
add_file("JPEG without either, and padded", "jpeg", without_tables(jpeg())[:-2] + bytes(64), seen)
add_file("JPEG with restarts and without its end marker", format_, jpeg(restart_marker_blocks=1)[:-2], seen)
png = lambda pixels: cv2.imencode(".png", pixels)[1].tobytes()
add_file("PNG of 16 bits and three colours", "rgb16; png compressed bgr16", png(rgb16[:, :, ::-1]), cells(light))
add_file("PNG of 16 bits of grey", "mono16; png compressed ", png(grey16), cells(grey16 / 257))
mosaic = numpy.zeros((HEIGHT, WIDTH), numpy.uint16)
for k, colour in enumerate("rggb"):
    mosaic[k >> 1 :: 2, k & 1 :: 2] = rgb16[k >> 1 :: 2, k & 1 :: 2, "rgb".index(colour)]
add_file("PNG of a Bayer pattern", "bayer_rggb16; png compressed ", png(mosaic), cells(cv2.cvtColor(mosaic, cv2.COLOR_BayerRGGB2GRAY) / 257))

millimetres = numpy.round(700 + 5000 * x * y).astype(numpy.uint16)
millimetres[3:6, 2:9] = 0
known = text(millimetres.astype("<u2").tobytes())


def rvl(values):
    """Wilson 2017: runs of zeros and of differences, nibbles of three bits, words of 32 bits."""
    nibbles = []

    def number(value):
        while True:
            nibbles.append((value & 7) | (8 if value > 7 else 0))
            value >>= 3
            if value == 0:
                return

    at, before, values = 0, 0, [int(value) for value in values]
    while at < len(values):
        end = at
        while end < len(values) and values[end] == 0:
            end += 1
        number(end - at)
        at = end
        while end < len(values) and values[end] != 0:
            end += 1
        number(end - at)
        for value in values[at:end]:
            change = value - before
            number(2 * change if change >= 0 else -2 * change - 1)
            before = value
        at = end
    nibbles += [0] * (-len(nibbles) % 8)
    words = [int("".join(f"{nibble:x}" for nibble in nibbles[k : k + 8]), 16) for k in range(0, len(nibbles), 8)]
    return struct.pack("<II", WIDTH, HEIGHT) + struct.pack(f"<{len(words)}I", *words)


plain_header = struct.pack("<iff", 0, 0, 0)
for format_ in ["16UC1; png compressed ", "png"]:
    add_file(f"depth PNG, {format_}", format_, png(millimetres), depth=known)
for format_ in ["16UC1; compressedDepth", "16UC1; compressedDepth png"]:
    add_file(format_, format_, plain_header + png(millimetres), depth=known)
add_file("16UC1; compressedDepth rvl", "16UC1; compressedDepth rvl", plain_header + rvl(millimetres.ravel()), depth=known)
# Of metres in floating point the inverse is sent, in whole numbers.
farthest, finest = 10.0, 100.0
a = finest * (finest + 1)
b = 1 - a / farthest
header = struct.pack("<iff", 0, a, b)
metres = millimetres / 1000
inverse = numpy.where(millimetres > 0, a / numpy.where(metres > 0, metres, 1) + b, 0).astype(numpy.uint16)
add_file("32FC1; compressedDepth png", "32FC1; compressedDepth png", header + png(inverse), depth=known)
add_file("32FC1; compressedDepth rvl", "32FC1; compressedDepth rvl", header + rvl(inverse.ravel()), depth=known)

whole = {"width": WIDTH, "height": HEIGHT, "cell": CELL, "pictures": pictures, "compressed": compressed}
Path(__file__).with_name("pictures.json").write_text(json.dumps(whole, indent=1) + "\n")
