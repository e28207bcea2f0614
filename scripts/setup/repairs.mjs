// @ts-check
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from './run.mjs';

/** Libraries that rclnodejs loads, and that name Python libraries which need the interpreter's symbols. */
const rclLibraries = ['librcl.so', 'librcl_action.so', 'librcl_lifecycle.so'];

/** rclnodejs takes the folder above that of `ros2` as the ROS 2 installation, so there must be a `ros2`. */
const ros2StandIn = `#!/bin/sh
echo 'ros2: the command-line tools are not part of the ROS 2 wheels. Install ROS 2 (https://docs.ros.org) and source it to have them.' >&2
exit 1
`;

/**
 * Repairs the ROS 2 wheels so that programs other than Python can use them.
 * @param {string} prefix - the virtual environment
 * @returns {Promise<void>}
 */
export async function repairWheels(prefix) {
  await removePythonLibraries(prefix);
  replaceBuildPaths(prefix);
  writeFileSync(join(prefix, 'bin', 'ros2'), ros2StandIn);
  chmodSync(join(prefix, 'bin', 'ros2'), 0o755);
}

/**
 * Node has no `PyExc_RuntimeError`: loading rcl fails as long as it pulls in the Python type support.
 * @param {string} prefix
 */
async function removePythonLibraries(prefix) {
  const patchelf = join(prefix, 'bin', 'patchelf');
  for (const library of rclLibraries) {
    const file = join(prefix, 'lib', library);
    const needed = execFileSync(patchelf, ['--print-needed', file], { encoding: 'utf8' }).trim().split('\n');
    const names = needed.filter((name) => name.endsWith('__rosidl_generator_py.so'));
    if (names.length === 0) continue;
    const args = names.flatMap((name) => ['--remove-needed', name]);
    await run('patchelf', patchelf, [...args, file], { hint: 'remove .ros and run this again.' });
  }
}

/**
 * The CMake exports name folders of the machine on which the wheels were built.
 * @param {string} prefix
 */
function replaceBuildPaths(prefix) {
  const script =
    'import json, numpy, sysconfig; print(json.dumps([sysconfig.get_paths()["include"], numpy.get_include()]))';
  const found = execFileSync(join(prefix, 'bin', 'python3'), ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, _ROS_WHEELS_BOOTSTRAP_COMPLETE: '1' },
  });
  const [python, numpy] = JSON.parse(found);
  for (const name of readdirSync(join(prefix, 'share'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.cmake')) continue;
    const file = join(prefix, 'share', name);
    const before = readFileSync(file, 'utf8');
    const after = before
      .replaceAll(/\/opt\/python\/[^/;"]+\/lib\/python3\.\d+\/site-packages\/numpy\/_?core\/include/g, () => numpy)
      .replaceAll(/\/opt\/python\/[^/;"]+\/include\/python3\.\d+/g, () => python);
    if (after !== before) writeFileSync(file, after);
  }
}
