import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const script = resolve(import.meta.dirname, '../../scripts/with-ros.mjs');

describe('with-ros', () => {
  it('ends with the exit code of the command', () => {
    expect(withRos('sh', '-c', 'exit 3').status).toBe(3);
  });

  it('ends with 128 and the number of the signal that ended the command', () => {
    expect(withRos('sh', '-c', 'kill -TERM $$').status).toBe(128 + 15);
  });

  it('says that a command does not exist, without a stack trace', () => {
    const { status, stderr } = withRos(join('no', 'such', 'command'));
    expect(status).toBe(1);
    expect(stderr).toContain('Cannot run no/such/command');
    expect(stderr).not.toContain('    at ');
  });

  it('puts the messages on the paths', () => {
    const { stdout } = withRos('printenv', 'AMENT_PREFIX_PATH');
    const manifests = stdout
      .trim()
      .split(':')
      .map((prefix) => join(prefix, 'share/topspark_msgs/package.xml'));
    expect(manifests.some((file) => existsSync(file))).toBe(true);
  });
});

function withRos(...command: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [script, ...command], { encoding: 'utf8' });
}
