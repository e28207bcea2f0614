import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { begin } from '../../scripts/setup/run.mjs';
import { type FakeCheckout, fakeCheckout, sourced, workingTools } from './fake-checkout.js';

const stackLine = /^\s+at .+:\d+:\d+\)?$/m;
/** /proc shows which commands run. */
const linux = existsSync('/proc/self/stat');

let checkout: FakeCheckout;
beforeEach(() => {
  checkout = fakeCheckout();
});
afterEach(() => {
  rmSync(checkout.folder, { recursive: true });
});

const lock = (): string => join(checkout.folder, '.ros', 'lock');
const environment = (): Record<string, string> => ({ PATH: checkout.bin, HOME: checkout.folder, ...sourced(checkout) });
const runs = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

/** A set-up in the middle of `npm ci`, which writes its process id and sleeps. */
async function setUpInNpm(script = ''): Promise<{ setUp: ChildProcess; npm: number; said: Promise<string> }> {
  workingTools(checkout);
  const pid = join(checkout.folder, 'npm-pid');
  checkout.tool(
    'npm',
    `${script}\necho $$ > '${pid}.new'\n/bin/mv '${pid}.new' '${pid}'\nwhile :; do /bin/sleep 0.1; done`,
  );
  const setUp = spawn(process.execPath, [join('scripts', 'setup.mjs')], {
    cwd: checkout.folder,
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(setUp.stderr);
  await vi.waitFor(() => {
    expect(existsSync(pid)).toBe(true);
  }, 100_000);
  return { setUp, npm: Number(readFileSync(pid, 'utf8')), said };
}

describe.skipIf(!linux)('an interrupted set-up', { timeout: 120_000 }, () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends what it started and releases its lock: %s', async (signal, code) => {
    const { setUp, npm, said } = await setUpInNpm();
    setUp.kill(signal);
    expect(await once(setUp, 'exit')).toEqual([code, null]);
    expect(await said).toContain(`\nStopped by ${signal}.\n`);
    expect(await said).not.toMatch(stackLine);
    expect(runs(npm)).toBe(false);
    expect(existsSync(lock())).toBe(false);
    expect(existsSync(join(checkout.folder, '.ros', 'stamps', 'npm'))).toBe(false);
  });

  it('ends at once at the second Ctrl-C, although a command ignores the first', async () => {
    const heard = join(checkout.folder, 'heard');
    const { setUp, npm } = await setUpInNpm(`trap ': > ${heard}' TERM`);
    setUp.kill('SIGINT');
    await vi.waitFor(() => {
      expect(existsSync(heard)).toBe(true);
    });
    expect(runs(npm)).toBe(true);
    setUp.kill('SIGINT');
    expect(await once(setUp, 'exit')).toEqual([130, null]);
    await vi.waitFor(() => {
      expect(runs(npm)).toBe(false);
    });
    expect(existsSync(lock())).toBe(false);
  });

  it('leaves nothing behind that hinders the next one, even when it is killed', async () => {
    const { setUp, npm } = await setUpInNpm();
    setUp.kill('SIGKILL');
    await once(setUp, 'exit');
    expect(runs(npm)).toBe(true);
    workingTools(checkout);
    const { status, text: said } = checkout.run('setup.mjs', sourced(checkout));
    expect(said).toMatch(
      new RegExp(`taking over the lock that the set-up of process ${setUp.pid ?? 0}, .* left behind`),
    );
    expect(status).toBe(0);
    expect(runs(npm)).toBe(false);
  });
});

describe.skipIf(!linux)('a command that the set-up runs', () => {
  it('is listed in the lock before it begins, so that the next owner knows of it', () => {
    workingTools(checkout);
    checkout.tool('npm', `echo $$ > '${checkout.folder}/pid'; /bin/cat .ros/lock > '${checkout.folder}/seen'; exit 7`);
    checkout.run('setup.mjs', sourced(checkout));
    const read = (name: string): string => readFileSync(join(checkout.folder, name), 'utf8');
    const { commands } = JSON.parse(read('seen')) as { readonly commands: readonly { readonly pid: number }[] };
    expect(commands.map(({ pid }) => pid)).toContain(Number(read('pid')));
  });

  it('never begins when the set-up is killed before the lock lists it', () => {
    const begun = join(checkout.folder, 'begun');
    const { status } = spawnSync('/bin/sh', ['-c', begin, '/bin/touch', begun], { stdio: 'ignore' });
    expect(status).not.toBe(0);
    expect(existsSync(begun)).toBe(false);
    spawnSync('/bin/sh', ['-c', begin, '/bin/touch', begun], { input: '\n' });
    expect(existsSync(begun)).toBe(true);
  });
});

describe.skipIf(!linux)('a command in the ROS environment', () => {
  it('ends at the second Ctrl-C with all that it started, although it ignores both', async () => {
    const deaf = "trap '' INT; /bin/sleep 1000 & echo $!; wait; while :; do /bin/sleep 0.1; done";
    const child = spawn(process.execPath, [join('scripts', 'with-ros.mjs'), '/bin/sh', '-c', deaf], {
      cwd: checkout.folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    checkout.tool('ros2', 'exit 0');
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    const sleep = Number(first.toString());
    child.kill('SIGINT');
    child.kill('SIGINT');
    const again = setInterval(() => child.kill('SIGINT'), 100);
    await once(child, 'exit');
    clearInterval(again);
    expect(child.exitCode).toBe(130);
    await vi.waitFor(() => {
      expect(runs(sleep)).toBe(false);
    });
  });
});

describe.skipIf(!existsSync('/dev/full'))('a script whose output cannot be written', () => {
  const run = (command: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync('/bin/sh', ['-c', command], { cwd: checkout.folder, env: environment(), encoding: 'utf8' });

  it('reports that on the other stream, in one sentence', () => {
    workingTools(checkout);
    expect(run('node scripts/setup.mjs 2>/dev/full')).toEqual(
      expect.objectContaining({
        status: 1,
        stdout: 'Stopped: standard error cannot be written (ENOSPC: no space left on device, write).\n',
      }),
    );
    expect(run('node scripts/summary.mjs >/dev/full')).toEqual(
      expect.objectContaining({
        status: 1,
        stderr: 'Stopped: standard output cannot be written (ENOSPC: no space left on device, write).\n',
      }),
    );
  });

  it('ends even when it can write to neither', () => {
    expect(run('node scripts/setup.mjs >/dev/full 2>/dev/full').status).toBe(1);
  });
});

describe('a read-only checkout', () => {
  it('is reported with its owner, without a stack trace', () => {
    workingTools(checkout);
    const root = process.getuid?.() === 0;
    mkdirSync(join(checkout.folder, '.ros'));
    chmodSync(checkout.folder, 0o755);
    chmodSync(join(checkout.folder, '.ros'), 0o555);
    const { status, stderr } = spawnSync(process.execPath, [join('scripts', 'setup.mjs')], {
      cwd: checkout.folder,
      env: environment(),
      encoding: 'utf8',
      ...(root ? { uid: 65534, gid: 65534 } : {}),
    });
    expect(stderr).toContain(`${checkout.folder}/.ros/lock cannot be written: `);
    expect(stderr).toContain(root ? 'belongs to the user with number 0, and this is 65534' : 'you may not write to');
    expect(stderr).not.toMatch(stackLine);
    expect(status).toBe(1);
  });

  it('is reported at once when a file is in the place of a folder', () => {
    workingTools(checkout);
    writeFileSync(join(checkout.folder, '.ros'), '');
    const { status, text: said } = checkout.run('setup.mjs', sourced(checkout));
    expect(said).toContain(
      `${checkout.folder}/.ros/lock cannot be made: ${checkout.folder}/.ros is no folder, expected one.`,
    );
    expect(said).not.toMatch(stackLine);
    expect(status).toBe(1);
  });

  it('is reported at once when its file system is read-only', ({ skip }) => {
    workingTools(checkout);
    const { folder } = checkout;
    // A mount in a namespace of its own, where that is allowed.
    const readOnly = `mount --bind '${folder}' '${folder}' && mount -o remount,bind,ro '${folder}' || exit 77`;
    const command = `${readOnly}; cd '${folder}' && exec env -i ${Object.entries(environment())
      .map((pair) => `'${pair.join('=')}'`)
      .join(' ')} '${process.execPath}' scripts/setup.mjs`;
    const { status, stderr } = spawnSync('unshare', ['-Urm', 'sh', '-c', command], { encoding: 'utf8' });
    if (status !== 1) skip('no mount namespace to be had');
    expect(stderr).toContain(`${folder}/.ros cannot be written: its file system is read-only.`);
    expect(stderr).not.toMatch(stackLine);
  });
});
