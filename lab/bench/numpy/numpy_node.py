"""The path of an image or a scan through topspark's node, as written with rclpy and numpy. It crops an image about its
centre, weights its colours and averages it down to 28×28; of a scan it takes the median of each of 36 sectors. It
publishes a decision with the same stamp, and learns nothing.
"""

import numpy as np
import rclpy
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image, LaserScan
from topspark_msgs.msg import Decision

SIDE = 28
CHANNELS = {'mono8': 1, 'rgb8': 3, 'bgr8': 3, 'rgba8': 4, 'bgra8': 4}
WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)


def luminance(message):
    """Luminance of an image as 28×28 bytes."""
    channels = CHANNELS[message.encoding]
    pixels = np.frombuffer(message.data, np.uint8).reshape(message.height, message.step)
    pixels = pixels[:, : message.width * channels].reshape(message.height, message.width, channels)
    side = min(message.width, message.height)
    top, left = (message.height - side) // 2, (message.width - side) // 2
    square = pixels[top : top + side, left : left + side]
    edges = (np.arange(SIDE) * side) // SIDE
    counts = np.diff(np.append(edges, side))
    # Cells are summed before colours are weighted: this needs the fewest operations on whole images.
    cells = np.add.reduceat(np.add.reduceat(square, edges, axis=0, dtype=np.uint32), edges, axis=1)
    means = cells / (counts[:, None, None] * counts[None, :, None])
    if channels == 1:
        return np.rint(means[:, :, 0]).astype(np.uint8)
    colours = means[:, :, :3] if message.encoding.startswith('rgb') else means[:, :, 2::-1]
    return np.rint(colours @ WEIGHTS).astype(np.uint8)


SECTORS = 36


def distances(message):
    """Median distance of each sector of a turn, from the freest sector on [m]."""
    ranges = np.asarray(message.ranges, np.float32)
    ranges = np.where(ranges >= message.range_min, np.minimum(ranges, message.range_max), np.nan)
    medians = np.nanmedian(ranges[: len(ranges) // SECTORS * SECTORS].reshape(SECTORS, -1), axis=1)
    return np.roll(medians, -int(np.nanargmax(medians)))


def main():
    rclpy.init()
    node = Node('numpy')
    decisions = node.create_publisher(Decision, '~/decision', 10)

    def decide(message, confidence):
        decisions.publish(Decision(header=message.header, label='', confidence=confidence))

    def hear_image(message):
        decide(message, float(luminance(message).max()) / 255)

    def hear_scan(message):
        decide(message, float(distances(message).max() / message.range_max))

    quality = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
    node.create_subscription(Image, 'image', hear_image, quality)
    node.create_subscription(LaserScan, 'scan', hear_scan, quality)
    try:
        rclpy.spin(node)
    except (KeyboardInterrupt, rclpy.executors.ExternalShutdownException):
        pass


main()
