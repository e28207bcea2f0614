#!/usr/bin/env python3
"""
Lets Nav2 drive slowly where topspark sees a place that asks for it: ~/place becomes a nav2_msgs/SpeedLimit.

    python3 slow_in_doorways.py --ros-args -p places:="['doorway']" -p percentage:=50.0
    python3 slow_in_doorways.py --ros-args -r topspark/place:=/robot1/topspark/place -r speed_limit:=/robot1/speed_limit

The controller server of Nav2 hears speed_limit as it is (parameter speed_limit_topic). Teach `doorway` as any other place.
"""

import sys

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from topspark_msgs.msg import Place

try:
    from nav2_msgs.msg import SpeedLimit
except ImportError:
    sys.exit('nav2_msgs is not sourced, which has the message of the speed limit: install Nav2 (ros-$ROS_DISTRO-nav2-msgs)')

# In nav2_msgs/SpeedLimit 0 is no limit.
NO_LIMIT = 0.0


class SlowInDoorways(Node):
    """Hears where the robot is, and tells how fast it may drive there."""

    def __init__(self):
        super().__init__('slow_in_doorways')
        self.places = self.declare_parameter('places', ['doorway']).value
        self.percentage = self.declare_parameter('percentage', 50.0).value
        self.limit = NO_LIMIT
        self.publisher = self.create_publisher(SpeedLimit, 'speed_limit', 10)
        # Latched: whoever comes late hears where the robot is already.
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.create_subscription(Place, 'topspark/place', self.hear, latched)
        # Once a second too, since the limit itself is not latched and Nav2 may start later.
        self.create_timer(1.0, self.tell)

    def hear(self, place):
        """A place that is not known asks for nothing."""
        self.limit = self.percentage if place.label in self.places else NO_LIMIT
        self.get_logger().info(f'place {place.label!r}: speed limit {self.limit} % (0: none)')
        self.tell()

    def tell(self):
        message = SpeedLimit(percentage=True, speed_limit=self.limit)
        message.header.stamp = self.get_clock().now().to_msg()
        self.publisher.publish(message)


def main():
    rclpy.init()
    try:
        rclpy.spin(SlowInDoorways())
    except (KeyboardInterrupt, ExternalShutdownException):
        pass


if __name__ == '__main__':
    main()
