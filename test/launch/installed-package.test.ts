import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activeThenEnded, installPackage, installTimeout } from './installed-package.js';

const domain = process.env['TOPSPARK_PACKAGE_DOMAIN_ID'] ?? '28';

describe('the installed ROS package', () => {
  let folder = '';
  let executables = '';
  beforeAll(() => {
    folder = installPackage();
    executables = join(folder, 'prefix/lib/topspark');
  }, installTimeout);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has executables, launch files and parameter files where ROS looks for them', () => {
    expect(readdirSync(executables).sort()).toEqual(['topspark_battery', 'topspark_camera', 'topspark_node']);
    const share = join(folder, 'prefix/share/topspark');
    for (const file of [
      'package.xml',
      'launch/topspark.launch.py',
      'launch/demo.launch.py',
      'config/topspark.yaml',
      'config/sros2/topspark.policy.xml',
      'monitoring/foxglove.json',
    ]) {
      expect(existsSync(join(share, file)), file).toBe(true);
    }
    expect(existsSync(join(folder, 'prefix/share/ament_index/resource_index/packages/topspark'))).toBe(true);
  });

  it('holds the program with its production packages only', () => {
    const packages = readdirSync(join(folder, 'prefix/lib/node_modules/topspark/node_modules'));
    expect(packages).toEqual(expect.arrayContaining(['pino', 'rclnodejs', 'rxjs']));
    expect(packages).not.toContain('vitest');
    expect(packages).not.toContain('typescript');
  });

  it('runs the node, and a signal to its wrapper ends it in peace', async () => {
    const parameters = ['--ros-args', '-p', `checkpoint.directory:=${join(folder, 'checkpoints')}`];
    const env = { ...process.env, ROS_DOMAIN_ID: domain };
    const node = spawn(join(executables, 'topspark_node'), parameters, { cwd: '/', env });
    const { code, output } = await activeThenEnded(node);
    expect(code, output).toBe(0);
    expect(readdirSync(join(folder, 'checkpoints')).length).toBeGreaterThan(0);
  });

  it('says what is wrong with an argument of the camera', () => {
    const { status, stderr } = spawnSync(join(executables, 'topspark_camera'), ['--ros-args', '-p', 'rate:=0.0'], {
      env: { ...process.env, ROS_DOMAIN_ID: domain },
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(status).toBe(2);
    expect(stderr).toContain('rate');
  });
});
