#!/usr/bin/env python3
"""
Lets Nav2 drive slowly in certain places: subscribes to ~/place of topspark, publishes a nav2_msgs/SpeedLimit.

    python3 slow_in_doorways.py --ros-args -p places:="['doorway']" -p percentage:=50.0
    python3 slow_in_doorways.py --ros-args -r topspark/place:=/robot1/topspark/place -r speed_limit:=/robot1/speed_limit

The controller server of Nav2 subscribes to speed_limit by default (parameter speed_limit_topic). Teach `doorway` like any
other place.
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

# nav2_msgs/SpeedLimit: 0 means no limit.
NO_LIMIT = 0.0


class SlowInDoorways(Node):
    """Publishes a speed limit for the place where the robot is."""

    def __init__(self):
        super().__init__('slow_in_doorways')
        self.places = self.declare_parameter('places', ['doorway']).value
        self.percentage = self.declare_parameter('percentage', 50.0).value
        self.limit = NO_LIMIT
        self.publisher = self.create_publisher(SpeedLimit, 'speed_limit', 10)
        # Latched: a node that starts later receives the last place, too.
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.create_subscription(Place, 'topspark/place', self.hear, latched)
        # The limit is not latched and Nav2 may start later, so it is also published once a second.
        self.create_timer(1.0, self.tell)

    def hear(self, place):
        """Sets the limit of a place. Other places than those listed have no limit."""
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
