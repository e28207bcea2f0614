import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activeThenEnded, installPackage, installTimeout } from './installed-package.js';

const domain = process.env['TOPSPARK_PACKAGE_DOMAIN_ID'] ?? '28';

/** Of its npm packages, with room for growth [MB]. CMakeLists.txt describes the lab's. */
const mostMegabytes = 60;

function megabytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0) / 1e6;
}

/** A user's shell without the checkout's packages. */
const elsewhere = {
  cwd: '/',
  env: { ...process.env, ROS_DOMAIN_ID: domain },
  encoding: 'utf8',
  timeout: 60_000,
} as const;

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
    expect(readdirSync(executables).sort()).toEqual(['topspark', 'topspark_node']);
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

  it('contains the program with its production packages only, in 60 MB', () => {
    const installed = join(folder, 'prefix/lib/node_modules/topspark/node_modules');
    const packages = readdirSync(installed);
    expect(megabytes(installed)).toBeLessThan(mostMegabytes);
    expect(packages).toEqual(expect.arrayContaining(['pino', 'rclnodejs', 'rxjs']));
    expect(packages).not.toContain('vitest');
    expect(packages).not.toContain('typescript');
    expect(packages.filter((name) => /lab|bullmq|echarts|h5wasm|mnist|ajv/.test(name))).toEqual([]);
  });

  it("runs the command line, which says where the lab's commands are", () => {
    const topspark = (...args: string[]) => spawnSync(join(executables, 'topspark'), args, elsewhere);
    expect(topspark('--version').stdout).toMatch(/^topspark \d/);
    expect(topspark('--help').stdout).toMatch(/^ {2}train /m);
    const { status, stderr } = topspark('train', '--samples', '10');
    expect(stderr).toMatch(/^topspark: 'topspark train' is in the package topspark-lab, .*-DTOPSPARK_LAB=ON\n$/);
    expect(status).toBe(1);
  });

  it('reads and writes a bag, with the definitions of its own messages', () => {
    const bag = fileURLToPath(new URL('../bag/fixtures/lz4.mcap', import.meta.url));
    const output = join(folder, 'labels.mcap');
    const args = ['label', bag, '-p', 'sensors:=[scan]', '--from', '0', '--to', '1', 'a', '--output', output];
    const { status, stderr } = spawnSync(join(executables, 'topspark'), args, elsewhere);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(existsSync(output)).toBe(true);
  });

  it('runs the node, and a signal to its wrapper ends it cleanly', async () => {
    const parameters = ['--ros-args', '-p', `checkpoint.directory:=${join(folder, 'checkpoints')}`];
    const env = { ...process.env, ROS_DOMAIN_ID: domain };
    const node = spawn(join(executables, 'topspark_node'), parameters, { cwd: '/', env });
    const { code, output } = await activeThenEnded(node);
    expect(code, output).toBe(0);
    expect(readdirSync(join(folder, 'checkpoints')).length).toBeGreaterThan(0);
  });
});

describe('the installed ROS package with the lab', () => {
  let folder = '';
  let executables = '';
  beforeAll(() => {
    folder = installPackage({ lab: true });
    executables = join(folder, 'prefix/lib/topspark');
  }, installTimeout);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has the executables of the demo too', () => {
    const names = ['topspark', 'topspark_battery', 'topspark_camera', 'topspark_node'];
    expect(readdirSync(executables).sort()).toEqual(names);
  });

  it('trains', () => {
    const args = ['train', '--samples', '200', '--test-samples', '10', '--json'];
    const { status, stdout, stderr } = spawnSync(join(executables, 'topspark'), args, elsewhere);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ samples: 200 });
  });

  it('says what is wrong with an argument of the camera', () => {
    const args = ['--ros-args', '-p', 'rate:=0.0'];
    const { status, stderr } = spawnSync(join(executables, 'topspark_camera'), args, elsewhere);
    expect(status).toBe(2);
    expect(stderr).toContain('rate');
  });
});
