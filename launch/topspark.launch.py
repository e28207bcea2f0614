"""Starts the topspark node. Its arguments have the names that Nav2 uses."""

import os

from ament_index_python.packages import get_package_prefix, get_package_share_directory
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, ExecuteProcess
from launch.conditions import IfCondition
from launch.substitutions import LaunchConfiguration, PythonExpression
from launch_ros.actions import LifecycleNode
from launch_ros.descriptions import Parameter


def generate_launch_description():
    share = get_package_share_directory('topspark')
    arguments = [
        ('namespace', '', 'namespace of the node'),
        ('use_sim_time', 'false', 'take the time from /clock'),
        ('params_file', os.path.join(share, 'config', 'launch.yaml'), 'parameter file'),
        ('autostart', 'true', 'the node configures and activates itself'),
        ('use_respawn', 'false', 'start the node again when it ends; it goes on from its last checkpoint'),
        ('log_level', 'info', 'debug, info, warn, error or fatal'),
        ('dashboard', 'false', 'serve a page on which the node is watched and taught'),
        ('dashboard_port', '8080', 'port of that page, on this machine alone'),
    ]
    node = LifecycleNode(
        package='topspark',
        executable='topspark_node',
        name='topspark',
        namespace=LaunchConfiguration('namespace'),
        # The node activates itself: lifecycle events of launch do not reach a respawned node.
        parameters=[
            LaunchConfiguration('params_file'),
            Parameter('autostart', LaunchConfiguration('autostart'), value_type=bool),
            Parameter('use_sim_time', LaunchConfiguration('use_sim_time'), value_type=bool),
        ],
        ros_arguments=['--log-level', LaunchConfiguration('log_level')],
        respawn=LaunchConfiguration('use_respawn'),
        respawn_delay=2.0,
        output='screen',
    )
    # Not a Node: the command takes no ROS arguments.
    name = PythonExpression(["'/'.join(['', *filter(None, '", LaunchConfiguration('namespace'), "'.split('/')), 'topspark'])"])
    page = ExecuteProcess(
        cmd=[
            os.path.join(get_package_prefix('topspark'), 'lib', 'topspark', 'topspark'),
            'dashboard',
            name,
            '--port',
            LaunchConfiguration('dashboard_port'),
        ],
        condition=IfCondition(LaunchConfiguration('dashboard')),
        output='screen',
    )
    declared = [DeclareLaunchArgument(name, default_value=default, description=text) for name, default, text in arguments]
    return LaunchDescription([*declared, node, page])
