"""A generic ROS 2 process for the tests: commands as JSON lines on stdin, answers as JSON lines on stdout.

A command is {"id": n, "op": name, ...}; its answer {"id": n, "value": ...} or {"id": n, "error": "..."}. Numbers that
JSON lacks travel as {"$float": "nan"}, bytes as {"$bytes": base64}.
"""

import array
import base64
import importlib
import json
import math
import sys
import threading
import time

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy


def load(name):
    """The class of 'package/kind/Name' or 'package/Name'."""
    parts = name.split('/')
    kind = parts[1] if len(parts) == 3 else 'msg'
    return getattr(importlib.import_module(f'{parts[0]}.{kind}'), parts[-1])


def fill(message, values):
    """Sets the fields of a message from a dictionary."""
    types = message.get_fields_and_field_types()
    for name, value in values.items():
        setattr(message, name, convert(types[name], value, getattr(message, name)))
    return message


def convert(kind, value, current):
    if isinstance(value, dict) and '$float' in value:
        return float(value['$float'])
    if isinstance(value, dict) and '$bytes' in value:
        return array.array('B', base64.b64decode(value['$bytes']))
    if isinstance(value, dict):
        return fill(current, value)
    if kind.startswith('sequence<') and '/' in kind:
        inner = load(kind[len('sequence<') : -1].split(',')[0])
        return [fill(inner(), each) for each in value]
    if kind in ('float', 'double'):
        return float(value)
    if kind in ('sequence<float>', 'sequence<double>'):
        return [float(each['$float'] if isinstance(each, dict) else each) for each in value]
    return value


def plain(value):
    """A message as JSON holds it."""
    if hasattr(value, 'get_fields_and_field_types'):
        return {name: plain(getattr(value, name)) for name in value.get_fields_and_field_types()}
    if isinstance(value, float) and not math.isfinite(value):
        return {'$float': repr(value)}
    if isinstance(value, bytes):
        return value[0] if len(value) == 1 else list(value)
    if isinstance(value, (str, bool, int, float)):
        return value
    return [plain(each) for each in (value.tolist() if hasattr(value, 'tolist') else value)]


def quality(options):
    return QoSProfile(
        depth=options.get('depth', 10),
        reliability=ReliabilityPolicy[options.get('reliability', 'reliable').upper()],
        durability=DurabilityPolicy[options.get('durability', 'volatile').upper()],
    )


# Only what hangs is to fail by time: a busy machine is slow [s].
PATIENCE = 60.0


def until(condition, timeout, what):
    """Waits for a condition; what() says what was found instead."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f'after {timeout} s: {what()}')
        time.sleep(0.005)


class Peer:
    def __init__(self):
        rclpy.init()
        self.node = rclpy.create_node('peer')
        self.publishers = {}
        self.clients = {}
        self.heard = {}
        self.output = threading.Lock()
        executor = SingleThreadedExecutor()
        executor.add_node(self.node)
        threading.Thread(target=executor.spin, daemon=True).start()

    def subscribe(self, key, type, topic, qos={}):
        messages = self.heard[key] = []
        self.node.create_subscription(load(type), topic, messages.append, quality(qos))

    def messages(self, key, count=0, timeout=PATIENCE, where=None):
        """All messages heard under a key, once there are `count` of which `where` (a dictionary of fields) holds."""
        messages = self.heard[key]

        def fitting():
            if where is None:
                return messages[:]
            return [each for each in messages[:] if all(getattr(each, k) == v for k, v in where.items())]

        until(lambda: len(fitting()) >= count, timeout, lambda: f'{len(fitting())} messages of {key}, expected {count}')
        return [plain(each) for each in fitting()]

    def forget(self, key):
        self.heard[key].clear()

    def publisher(self, type, topic, qos):
        key = (type, topic, json.dumps(qos, sort_keys=True))
        if key not in self.publishers:
            self.publishers[key] = self.node.create_publisher(load(type), topic, quality(qos))
        return self.publishers[key]

    def publish(self, type, topic, messages, qos={}, rate=0.0, subscribers=1, timeout=PATIENCE):
        """Publishes messages in order, `rate` a second (0: at once), when enough subscribers are matched.

        After a stall it catches up slowly, as no sensor sends two measurements at once.
        """
        publisher = self.publisher(type, topic, qos)
        count = publisher.get_subscription_count
        until(lambda: count() >= subscribers, timeout, lambda: f'{count()} subscribers of {topic}')
        # What is given as bytes goes out as it is.
        filled = [
            base64.b64decode(each['$bytes']) if '$bytes' in each else fill(load(type)(), each) for each in messages
        ]
        start, earliest = time.monotonic(), 0.0
        for index, message in enumerate(filled):
            if rate > 0:
                time.sleep(max(0.0, max(start + index / rate, earliest) - time.monotonic()))
                earliest = time.monotonic() + 0.75 / rate
            publisher.publish(message)

    def film(self, topic, width, height, count, rate, qos={}):
        """Publishes rgb8 images made here: too large to travel as JSON. A bright bar moves over them."""
        kind = load('sensor_msgs/msg/Image')
        publisher = self.publisher('sensor_msgs/msg/Image', topic, qos)
        row = array.array('B', bytes(range(0, 240)) * (width * 3 // 240 + 1))[: width * 3]
        start = time.monotonic()
        for index in range(count):
            line = array.array('B', row)
            left = 3 * ((index * 7) % (width - 40))
            line[left : left + 120] = array.array('B', b'\xff' * 120)
            message = kind(width=width, height=height, encoding='rgb8', step=width * 3, data=line * height)
            message.header.stamp.sec, message.header.stamp.nanosec = 1000 + index // 30, index % 30 * 33_000_000
            time.sleep(max(0.0, start + index / rate - time.monotonic()))
            publisher.publish(message)

    def call(self, type, service, request={}, timeout=PATIENCE):
        kind = load(type)
        if service not in self.clients:
            self.clients[service] = self.node.create_client(kind, service)
        client = self.clients[service]
        until(client.service_is_ready, timeout, lambda: f'no service {service}')
        future = client.call_async(fill(kind.Request(), request))
        until(future.done, timeout, lambda: f'no answer of {service}')
        return plain(future.result())

    def flood(self, type, service, request={}, seconds=5.0, window=8):
        """Calls a service as fast as it answers, with so many calls under way; each is answered; tells how many.

        A service keeps ten requests, as is usual in ROS 2: what is beyond that gets lost in the middleware.
        """
        kind = load(type)
        client = self.node.create_client(kind, service)
        until(client.service_is_ready, PATIENCE, lambda: f'no service {service}')
        filled = fill(kind.Request(), request)
        under_way = threading.Semaphore(window)
        sent, answered = 0, []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not under_way.acquire(timeout=0.1):
                continue
            sent += 1
            future = client.call_async(filled)
            future.add_done_callback(lambda _: (answered.append(None), under_way.release()))
        until(lambda: len(answered) == sent, PATIENCE, lambda: f'{len(answered)} answers of {sent}')
        return sent

    def services(self, service, count, timeout=PATIENCE):
        """Waits until that many servers of a service are there: 0 for none."""
        find = self.node.count_services
        until(lambda: find(service) == count, timeout, lambda: f'{find(service)} servers of {service}, expected {count}')

    def endpoints(self, topic):
        """Node names that publish and subscribe a topic."""
        name = lambda info: f'{info.node_namespace.rstrip("/")}/{info.node_name}'
        return {
            'publishers': [name(info) for info in self.node.get_publishers_info_by_topic(topic)],
            'subscribers': [name(info) for info in self.node.get_subscriptions_info_by_topic(topic)],
        }

    def graph(self, name, namespace):
        """Full names of the topics and services of a node."""
        nodes = self.node.get_node_names_and_namespaces
        until(lambda: (name, namespace) in nodes(), 10.0, lambda: f'no node {namespace} {name}')
        names = lambda pairs: sorted(name for name, _ in pairs)
        return {
            'publishers': names(self.node.get_publisher_names_and_types_by_node(name, namespace)),
            'subscribers': names(self.node.get_subscriber_names_and_types_by_node(name, namespace)),
            'services': names(self.node.get_service_names_and_types_by_node(name, namespace)),
        }

    def run(self, command):
        id, op = command.pop('id'), command.pop('op')
        try:
            answer = {'id': id, 'value': getattr(self, op)(**command)}
        except Exception as error:
            answer = {'id': id, 'error': f'{op}: {error}'}
        with self.output:
            print(json.dumps(answer), flush=True)


def main():
    peer = Peer()
    print(json.dumps({'id': 0, 'value': 'ready'}), flush=True)
    for line in sys.stdin:
        threading.Thread(target=peer.run, args=(json.loads(line),), daemon=True).start()
    rclpy.shutdown()


main()
