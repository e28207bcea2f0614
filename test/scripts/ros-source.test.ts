import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paths } from '../../scripts/setup/paths.mjs';
import { rosEnvironment } from '../../scripts/setup/ros-environment.mjs';
import { findRosSource } from '../../scripts/setup/ros-source.mjs';

let folder = '';
let env: Record<string, string> = {};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-source-'));
  for (const name of ['jazzy/share/rcl', 'workspace/share/topspark_msgs']) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'package.xml'), '');
  }
  mkdirSync(join(folder, 'jazzy/bin'));
  writeFileSync(join(folder, 'jazzy/bin/ros2'), '#!/bin/sh\n');
  chmodSync(join(folder, 'jazzy/bin/ros2'), 0o755);
  env = { ROS_DISTRO: 'jazzy', AMENT_PREFIX_PATH: join(folder, 'jazzy'), PATH: join(folder, 'jazzy/bin') };
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('findRosSource', () => {
  it('uses the wheels when nothing is sourced', () => {
    expect(findRosSource({ PATH: '/usr/bin' })).toEqual({ kind: 'wheels' });
  });

  it('uses the sourced ROS 2', () => {
    const prefix = join(folder, 'jazzy');
    expect(findRosSource(env)).toEqual({
      kind: 'sourced',
      distro: 'jazzy',
      core: prefix,
      prefixes: [prefix],
      hasMessages: false,
    });
  });

  it('sees that a sourced workspace provides the messages', () => {
    const both = [join(folder, 'workspace'), join(folder, 'jazzy')];
    const source = findRosSource({ ...env, AMENT_PREFIX_PATH: both.join(':') });
    expect(source).toMatchObject({ core: both[1], prefixes: both, hasMessages: true });
  });

  it.each([
    ['ROS_DISTRO', 'ROS_DISTRO is not set'],
    ['AMENT_PREFIX_PATH', 'AMENT_PREFIX_PATH is not set'],
    ['PATH', 'no `ros2` is on PATH'],
  ])('names what is missing without %s', (name, reason) => {
    expect(() => findRosSource({ ...env, [name]: '' })).toThrow(`ROS 2 is sourced in part: ${reason}.`);
  });

  it('refuses a sourced workspace whose ROS 2 is not sourced', () => {
    const prefix = join(folder, 'workspace');
    expect(() => findRosSource({ ...env, AMENT_PREFIX_PATH: prefix })).toThrow(
      `(${prefix}) holds the ROS 2 package rcl`,
    );
  });

  it('does not treat its own environment as a sourced one', () => {
    expect(findRosSource(rosEnvironment({ kind: 'wheels' }, {}))).toEqual({ kind: 'wheels' });
    const source = findRosSource(env);
    expect(findRosSource(rosEnvironment(source, env))).toEqual(source);
  });
});

describe('rosEnvironment', () => {
  it('leaves a sourced workspace that provides the messages unchanged', () => {
    const all = { ...env, AMENT_PREFIX_PATH: `${join(folder, 'workspace')}:${join(folder, 'jazzy')}` };
    expect(rosEnvironment(findRosSource(all), all)).toEqual(all);
  });

  it('puts the messages that it built before what is sourced', () => {
    const made = rosEnvironment(findRosSource(env), env);
    expect(made['AMENT_PREFIX_PATH']).toBe(`${paths.messagesPrefix}:${join(folder, 'jazzy')}`);
    expect(made['LD_LIBRARY_PATH']).toBe(join(paths.messagesPrefix, 'lib'));
    expect(made['PATH']).toBe(env['PATH']);
  });

  it('is the same when it is applied twice', () => {
    const once = rosEnvironment({ kind: 'wheels' }, { PATH: '/usr/bin' });
    expect(rosEnvironment({ kind: 'wheels' }, once)).toEqual(once);
  });
});
