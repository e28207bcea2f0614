import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { existsSync, readdirSync } from 'node:fs';

/** A message package that not every ROS 2 has: its definitions and their fields. */
interface ForeignPackage {
  readonly needs: readonly string[];
  readonly messages: Readonly<Record<string, string>>;
}

// The fields of the published packages, as they are on the wire; only the messages that the tests read.
const packages: Readonly<Record<string, ForeignPackage>> = {
  vision_msgs: {
    needs: ['std_msgs'],
    messages: {
      ObjectHypothesis: 'string class_id\nfloat64 score\n',
      Classification: 'std_msgs/Header header\nObjectHypothesis[] results\n',
    },
  },
  visualization_msgs: {
    needs: ['std_msgs', 'geometry_msgs', 'sensor_msgs', 'builtin_interfaces'],
    messages: {
      UVCoordinate: 'float32 u\nfloat32 v\n',
      MeshFile: 'string filename\nuint8[] data\n',
      Marker: [
        'std_msgs/Header header\nstring ns\nint32 id\nint32 type\nint32 action\ngeometry_msgs/Pose pose',
        'geometry_msgs/Vector3 scale\nstd_msgs/ColorRGBA color\nbuiltin_interfaces/Duration lifetime\nbool frame_locked',
        'geometry_msgs/Point[] points\nstd_msgs/ColorRGBA[] colors\nstring texture_resource',
        'sensor_msgs/CompressedImage texture\nUVCoordinate[] uv_coordinates\nstring text\nstring mesh_resource',
        'MeshFile mesh_file\nbool mesh_use_embedded_materials\n',
      ].join('\n'),
    },
  },
  nav2_msgs: {
    needs: ['std_msgs'],
    messages: { SpeedLimit: 'std_msgs/Header header\nbool percentage\nfloat64 speed_limit\n' },
  },
  event_camera_msgs: {
    needs: ['std_msgs'],
    messages: {
      EventPacket: [
        'std_msgs/Header header\nuint32 height\nuint32 width\nuint64 seq\nuint64 time_base\nstring encoding',
        'bool is_bigendian\nuint8[] events\n',
      ].join('\n'),
    },
  },
};

/** Packages that are built unless others are asked for. */
const usual = ['vision_msgs', 'visualization_msgs', 'nav2_msgs'];

const cmake = (name: string, { needs, messages }: ForeignPackage): string =>
  [
    'cmake_minimum_required(VERSION 3.16)',
    `project(${name})`,
    'find_package(ament_cmake REQUIRED)\nfind_package(rosidl_default_generators REQUIRED)',
    ...needs.map((each) => `find_package(${each} REQUIRED)`),
    `rosidl_generate_interfaces($\{PROJECT_NAME} ${Object.keys(messages)
      .map((each) => `msg/${each}.msg`)
      .join(' ')} DEPENDENCIES ${needs.join(' ')})`,
    'ament_package()\n',
  ].join('\n');

const manifest = (name: string, { needs }: ForeignPackage): string =>
  [
    `<package format="3"><name>${name}</name><version>0.0.0</version><description>messages of a test</description>`,
    '<maintainer email="nobody@example.org">nobody</maintainer><license>Apache-2.0</license>',
    '<buildtool_depend>ament_cmake</buildtool_depend><buildtool_depend>rosidl_default_generators</buildtool_depend>',
    ...needs.map((each) => `<depend>${each}</depend>`),
    '<member_of_group>rosidl_interface_packages</member_of_group>',
    '<export><build_type>ament_cmake</build_type></export></package>\n',
  ].join('\n');

/**
 * Builds message packages, a minute each, and sources them.
 *
 * @param names - of the packages; vision_msgs, visualization_msgs and nav2_msgs where absent
 * @returns environment variables with which they are found
 */
export function buildForeignMessages(folder: string, names = usual): NodeJS.ProcessEnv {
  const prefix = join(folder, 'install');
  const wheels = process.env['TOPSPARK_ROS'] === 'wheels';
  const python = fileURLToPath(
    new URL(`../../../.ros/${process.env['ROS_DISTRO'] ?? ''}/bin/python3`, import.meta.url),
  );
  for (const [name, each] of Object.entries(packages).filter(([each]) => names.includes(each))) {
    const source = join(folder, name);
    mkdirSync(join(source, 'msg'), { recursive: true });
    for (const [message, fields] of Object.entries(each.messages)) {
      writeFileSync(join(source, 'msg', `${message}.msg`), fields);
    }
    writeFileSync(join(source, 'CMakeLists.txt'), cmake(name, each));
    writeFileSync(join(source, 'package.xml'), manifest(name, each));
    const build = join(folder, `build-${name}`);
    const configure = ['-S', source, '-B', build, '-DBUILD_TESTING=OFF', `-DCMAKE_INSTALL_PREFIX=${prefix}`];
    execFileSync('cmake', [...configure, ...(wheels ? [`-DPython3_EXECUTABLE=${python}`] : [])], { stdio: 'pipe' });
    execFileSync('cmake', ['--build', build, '--target', 'install'], { stdio: 'pipe' });
  }
  const ahead = (list: string | undefined, ...paths: string[]): string => [...paths, list ?? ''].join(delimiter);
  const lib = join(prefix, 'lib');
  const pythons = readdirSync(lib)
    .filter((each) => each.startsWith('python3'))
    .flatMap((each) => ['site-packages', 'dist-packages'].map((kind) => join(lib, each, kind)))
    .filter((each) => existsSync(each));
  return {
    AMENT_PREFIX_PATH: ahead(process.env['AMENT_PREFIX_PATH'], prefix),
    LD_LIBRARY_PATH: ahead(process.env['LD_LIBRARY_PATH'], lib),
    PYTHONPATH: ahead(process.env['PYTHONPATH'], ...pythons),
  };
}

/** Removes what rclnodejs has generated for them, so that they do not look sourced. */
export function forgetForeignMessages(): void {
  const generated = new URL('../../../node_modules/rclnodejs/generated/', import.meta.url);
  for (const name of Object.keys(packages)) rmSync(new URL(name, generated), { recursive: true, force: true });
}
