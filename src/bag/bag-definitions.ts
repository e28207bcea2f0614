/**
 * Fields of the messages that are written into bags, and of those of sensors, by type: interface definitions of ROS 2 and of `topspark_msgs`
 * without their comments. Field order is the order on the wire.
 */
export const definitions: Readonly<Record<string, string>> = {
  'builtin_interfaces/Time': 'int32 sec\nuint32 nanosec',
  'std_msgs/Header': 'builtin_interfaces/Time stamp\nstring frame_id',
  'geometry_msgs/Point': 'float64 x\nfloat64 y\nfloat64 z',
  'geometry_msgs/Vector3': 'float64 x\nfloat64 y\nfloat64 z',
  'geometry_msgs/Quaternion': 'float64 x\nfloat64 y\nfloat64 z\nfloat64 w',
  'geometry_msgs/Pose': 'Point position\nQuaternion orientation',
  'geometry_msgs/PoseWithCovariance': 'Pose pose\nfloat64[36] covariance',
  'geometry_msgs/Twist': 'Vector3 linear\nVector3 angular',
  'geometry_msgs/TwistWithCovariance': 'Twist twist\nfloat64[36] covariance',
  'nav_msgs/Odometry':
    'std_msgs/Header header\nstring child_frame_id\ngeometry_msgs/PoseWithCovariance pose\n' +
    'geometry_msgs/TwistWithCovariance twist',
  'sensor_msgs/Image':
    'std_msgs/Header header\nuint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\nuint8[] data',
  'sensor_msgs/CompressedImage': 'std_msgs/Header header\nstring format\nuint8[] data',
  'sensor_msgs/PointField': 'string name\nuint32 offset\nuint8 datatype\nuint32 count',
  'sensor_msgs/PointCloud2':
    'std_msgs/Header header\nuint32 height\nuint32 width\nPointField[] fields\nbool is_bigendian\n' +
    'uint32 point_step\nuint32 row_step\nuint8[] data\nbool is_dense',
  'sensor_msgs/Range':
    'std_msgs/Header header\nuint8 radiation_type\nfloat32 field_of_view\nfloat32 min_range\nfloat32 max_range\n' +
    'float32 range\nfloat32 variance',
  'sensor_msgs/Imu':
    'std_msgs/Header header\ngeometry_msgs/Quaternion orientation\nfloat64[9] orientation_covariance\n' +
    'geometry_msgs/Vector3 angular_velocity\nfloat64[9] angular_velocity_covariance\n' +
    'geometry_msgs/Vector3 linear_acceleration\nfloat64[9] linear_acceleration_covariance',
  'sensor_msgs/LaserScan':
    'std_msgs/Header header\nfloat32 angle_min\nfloat32 angle_max\nfloat32 angle_increment\nfloat32 time_increment\n' +
    'float32 scan_time\nfloat32 range_min\nfloat32 range_max\nfloat32[] ranges\nfloat32[] intensities',
  'sensor_msgs/BatteryState':
    'std_msgs/Header header\nfloat32 voltage\nfloat32 temperature\nfloat32 current\nfloat32 charge\nfloat32 capacity\n' +
    'float32 design_capacity\nfloat32 percentage\nuint8 power_supply_status\nuint8 power_supply_health\n' +
    'uint8 power_supply_technology\nbool present\nfloat32[] cell_voltage\nfloat32[] cell_temperature\nstring location\n' +
    'string serial_number',
  'topspark_msgs/Features': 'std_msgs/Header header\nfloat32[] values',
  'topspark_msgs/Label': 'std_msgs/Header header\nstring label',
  'topspark_msgs/Decision':
    'std_msgs/Header header\nstring label\nfloat32 confidence\nstring[] classes\nfloat32[] scores\nuint16 timesteps\n' +
    'uint16 timesteps_run\nfloat32 latency\nfloat32 energy\nbool learned',
};

/** The types that a definition names, each as `package/Name`. */
function namedIn(type: string): string[] {
  const home = type.slice(0, type.indexOf('/'));
  return (definitions[type] ?? '').split('\n').flatMap((field) => {
    const named = (/^[\w/]+/.exec(field)?.[0] ?? '').replace('/msg/', '/');
    const whole = named.includes('/') ? named : `${home}/${named}`;
    return whole in definitions ? [whole] : [];
  });
}

/**
 * A type's definition with those that it is made of, as bags hold it (`ros2msg`).
 *
 * @param type - `sensor_msgs/msg/LaserScan`, one of {@link definitions}
 */
export function schemaOf(type: string): string {
  const needed = [type.replace('/msg/', '/')];
  for (const each of needed) needed.push(...namedIn(each).filter((found) => !needed.includes(found)));
  const [first = '', ...others] = needed;
  const parts = others.map((each) => `${'='.repeat(80)}\nMSG: ${each}\n${definitions[each] ?? ''}\n`);
  return [`${definitions[first] ?? ''}\n`, ...parts].join('');
}
