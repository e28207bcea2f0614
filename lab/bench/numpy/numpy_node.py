"""The path of an image through topspark's node, as written with rclpy and numpy. It crops an image about its centre,
weights its colours, averages it down to 28×28, and publishes a decision with its stamp. It learns nothing.
"""

import numpy as np
import rclpy
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image
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


def main():
    rclpy.init()
    node = Node('numpy')
    decisions = node.create_publisher(Decision, '~/decision', 10)

    def hear(message):
        seen = luminance(message)
        decisions.publish(Decision(header=message.header, label='', confidence=float(seen.max()) / 255))

    quality = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
    node.create_subscription(Image, 'image', hear, quality)
    try:
        rclpy.spin(node)
    except (KeyboardInterrupt, rclpy.executors.ExternalShutdownException):
        pass


main()
