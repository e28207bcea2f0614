"""Starts the topspark node, a camera that shows handwritten digits, and a battery that drains meanwhile.

Needs the package built with -DTOPSPARK_LAB=ON. Ends when the camera has shown all its images.
`npm start` shows the same with a live view.
"""

import atexit
import os
import shutil
import tempfile

from ament_index_python.packages import get_package_prefix, get_package_share_directory
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction, RegisterEventHandler, Shutdown
from launch.event_handlers import OnProcessExit
from launch.substitutions import LaunchConfiguration, PythonExpression
from launch_ros.actions import LifecycleNode, Node
from launch_ros.descriptions import Parameter


def scratch_folder():
    """Return a folder that is removed when launch ends, so that no robot's node restores the demo's state."""
    folder = tempfile.mkdtemp(prefix='topspark-demo-')
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def check_lab():
    """Raise an error of one sentence if the demo's camera and battery are not installed."""
    folder = os.path.join(get_package_prefix('topspark'), 'lib', 'topspark')
    if not os.path.exists(os.path.join(folder, 'topspark_camera')):
        raise RuntimeError(
            f'the demo needs topspark_camera, which is not in {folder}: '
            'build topspark with colcon build --cmake-args -DTOPSPARK_LAB=ON'
        )


def shut_down_once(context):
    """Shut everything down when one process ends. Do nothing if the shutdown is already under way."""
    return [] if context.is_shutdown else [Shutdown()]


def generate_launch_description():
    check_lab()
    share = get_package_share_directory('topspark')
    arguments = [
        ('namespace', '', 'namespace of all three nodes'),
        ('params_file', os.path.join(share, 'config', 'demo.yaml'), 'parameter file of the node'),
        ('modes_file', os.path.join(share, 'config', 'demo_modes.yaml'), 'file of the energy modes'),
        ('log_level', 'info', 'of the node: debug, info, warn, error or fatal'),
        ('rate', '200.0', 'images a second [1/s]'),
        ('samples', '10000', 'images to show'),
        ('label_share', '0.1', 'share of the images that are labelled [0..1]'),
        ('seed', '1', 'seed of the order of the images and of the choice of labels'),
        ('dataset', 'mnist', 'mnist, fashion-mnist, or a folder with the four IDX files'),
        ('from', '1.0', 'state of charge at the beginning [0..1]'),
        ('to', '0.16', 'state of charge at the end [0..1]'),
    ]
    agent = LifecycleNode(
        package='topspark',
        executable='topspark_node',
        name='topspark',
        namespace=LaunchConfiguration('namespace'),
        parameters=[
            LaunchConfiguration('params_file'),
            Parameter('modes.file', LaunchConfiguration('modes_file'), value_type=str),
            Parameter('checkpoint.directory', scratch_folder()),
        ],
        ros_arguments=['--log-level', LaunchConfiguration('log_level')],
        output='screen',
    )
    camera = Node(
        package='topspark',
        executable='topspark_camera',
        namespace=LaunchConfiguration('namespace'),
        parameters=[
            Parameter('rate', LaunchConfiguration('rate'), value_type=float),
            Parameter('samples', LaunchConfiguration('samples'), value_type=int),
            Parameter('label_share', LaunchConfiguration('label_share'), value_type=float),
            Parameter('seed', LaunchConfiguration('seed'), value_type=int),
            Parameter('dataset', LaunchConfiguration('dataset'), value_type=str),
        ],
        output='screen',
    )
    seconds = PythonExpression([LaunchConfiguration('samples'), ' / ', LaunchConfiguration('rate')])
    battery = Node(
        package='topspark',
        executable='topspark_battery',
        namespace=LaunchConfiguration('namespace'),
        parameters=[
            Parameter('from', LaunchConfiguration('from'), value_type=float),
            Parameter('to', LaunchConfiguration('to'), value_type=float),
            Parameter('seconds', seconds, value_type=float),
        ],
        output='screen',
    )
    end = RegisterEventHandler(OnProcessExit(on_exit=[OpaqueFunction(function=shut_down_once)]))
    declared = [DeclareLaunchArgument(name, default_value=default, description=text) for name, default, text in arguments]
    return LaunchDescription([*declared, agent, camera, battery, end])
