import { type ChildProcessWithoutNullStreams, execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { vi } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** How long that may take [ms]: an outdated set-up is updated first. */
export const installTimeout = 600_000;

/**
 * Installs the ROS package as colcon does, into a prefix that the caller removes.
 *
 * @param parts - `lab`: with data sets, training and the demo
 */
export function installPackage(parts: { readonly lab: boolean } = { lab: false }): string {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-install-'));
  const build = join(folder, 'build');
  const prefix = join(folder, 'prefix');
  // The Python that ROS 2 uses, not the newest one that CMake finds.
  const python = execFileSync('sh', ['-c', 'command -v python3'], { encoding: 'utf8' }).trim();
  const options = [
    `-DCMAKE_INSTALL_PREFIX=${prefix}`,
    `-DPython3_EXECUTABLE=${python}`,
    `-DTOPSPARK_LAB=${parts.lab ? 'ON' : 'OFF'}`,
  ];
  // It names every file that it installs.
  const quietly = { stdio: 'pipe', maxBuffer: 2 ** 26 } as const;
  execFileSync('cmake', ['-S', root, '-B', build, ...options], quietly);
  execFileSync('cmake', ['--build', build, '--target', 'install'], quietly);
  return folder;
}

/** The environment in which ROS 2 finds that package too. */
export function installedEnvironment(folder: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const prefixes = [join(folder, 'prefix'), env['AMENT_PREFIX_PATH']];
  return { ...env, AMENT_PREFIX_PATH: prefixes.join(delimiter), PYTHONUNBUFFERED: '1' };
}

/**
 * Waits until a started node is active, then ends it by SIGINT. It is gone afterwards, whatever happens.
 *
 * @returns its exit code and its whole output
 */
export async function activeThenEnded(
  node: ChildProcessWithoutNullStreams,
): Promise<{ readonly code: number | null; readonly output: string }> {
  try {
    let output = '';
    for (const stream of [node.stdout, node.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    const ended = new Promise<number | null>((resolve) => node.on('exit', resolve));
    await vi.waitUntil(() => output.includes(': active\n'), { timeout: 120_000, interval: 50 });
    node.kill('SIGINT');
    return { code: await ended, output };
  } finally {
    node.kill('SIGKILL');
  }
}
