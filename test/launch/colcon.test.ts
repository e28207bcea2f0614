import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimDomain, type ClaimedDomain } from '../ros/support/claim-domain.js';
import { activeThenEnded, installTimeout } from './installed-package.js';

const root = resolve(import.meta.dirname, '../..');
const hasColcon = spawnSync('colcon', ['--help'], { timeout: 30_000 }).status === 0;
/** npm's packages and rclnodejs are compiled in a fresh workspace: two or three minutes, more on a busy machine. */
const buildTimeout = 2 * installTimeout;

/** A workspace with a copy of the checkout as git has it. What is built or installed in the checkout does not help. */
function freshWorkspace(): string {
  const workspace = mkdtempSync(join(tmpdir(), 'topspark-workspace-'));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\0');
  for (const file of files) {
    if (file !== '' && existsSync(join(root, file))) {
      cpSync(join(root, file), join(workspace, 'src/topspark', file), { recursive: true });
    }
  }
  return workspace;
}

/** ROS 2 as a user sources it: without the messages of this checkout, which the workspace builds itself. */
function sourced(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env['TOPSPARK_ROS'];
  const ours = join(root, '.ros', 'msgs');
  const lists = ['AMENT_PREFIX_PATH', 'CMAKE_PREFIX_PATH', 'LD_LIBRARY_PATH', 'PYTHONPATH'];
  for (const name of lists) {
    const folders = (env[name] ?? '').split(delimiter).filter((folder) => folder !== '' && !folder.startsWith(ours));
    env[name] = folders.join(delimiter);
  }
  return env;
}

describe.skipIf(!hasColcon)('colcon build --base-paths src/topspark src/topspark/msgs, in a fresh workspace', () => {
  let workspace = '';
  let domain: ClaimedDomain;
  let env: NodeJS.ProcessEnv = {};

  beforeAll(async () => {
    workspace = freshWorkspace();
    domain = await claimDomain();
    env = { ...sourced(), ROS_DOMAIN_ID: String(domain.id), ROS_HOME: join(workspace, 'ros-home') };
    const python = execFileSync('sh', ['-c', 'command -v python3'], { encoding: 'utf8' }).trim();
    const bases = ['src/topspark', 'src/topspark/msgs'];
    const build = ['build', '--base-paths', ...bases, '--cmake-args', `-DPython3_EXECUTABLE=${python}`];
    const { status, stdout, stderr } = spawnSync('colcon', build, { cwd: workspace, env, encoding: 'utf8' });
    expect(status, stdout + stderr).toBe(0);
  }, buildTimeout);
  afterAll(async () => {
    rmSync(workspace, { recursive: true, force: true });
    await domain.release();
  });

  it('installs executables, launch files, parameters, the program and its production packages', () => {
    const prefix = join(workspace, 'install/topspark');
    expect(readdirSync(join(prefix, 'lib/topspark')).sort()).toEqual(['topspark', 'topspark_node']);
    expect(existsSync(join(prefix, 'share/topspark/launch/topspark.launch.py'))).toBe(true);
    expect(existsSync(join(prefix, 'share/topspark/config/topspark.yaml'))).toBe(true);
    const packages = readdirSync(join(prefix, 'lib/node_modules/topspark/node_modules'));
    expect(packages).toContain('rclnodejs');
    expect(packages).not.toContain('vitest');
    expect(existsSync(join(workspace, 'install/topspark_msgs/share/topspark_msgs/msg/Decision.msg'))).toBe(true);
  });

  it('runs without its sources, and saves at SIGINT', async () => {
    rmSync(join(workspace, 'src'), { recursive: true });
    rmSync(join(workspace, 'build'), { recursive: true });
    const script = '. install/setup.sh && exec install/topspark/lib/topspark/topspark_node';
    const node = spawn('sh', ['-c', script], { cwd: workspace, env });
    const { code, output } = await activeThenEnded(node);
    expect(code, output).toBe(0);
    expect(readdirSync(join(workspace, 'ros-home/topspark/topspark'))).toContain('checkpoint-00000001.safetensors');
  });
});
