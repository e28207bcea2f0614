import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Holder, withLock } from '../../scripts/setup/lock.mjs';
import { nameOfProcess, placeOfProcesses } from '../../scripts/setup/processes.mjs';
import { SetupError } from '../../scripts/setup/setup-error.mjs';

let folder = '';
let file = '';
/** The output meanwhile. */
let said = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-lock-'));
  file = join(folder, 'lock');
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text.toString();
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const nothing = (): Promise<void> => Promise.resolve();
const holderOf = (process: Holder['process'], place = placeOfProcesses()): Holder => ({
  process,
  commands: [],
  place,
  host: hostname(),
  since: '2026-01-02T03:04:05.678Z',
});
const lockOf = (holder: Holder): void => {
  writeFileSync(file, JSON.stringify(holder));
};
const sleeping = (): ChildProcess => {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};
const named = ({ pid }: ChildProcess): Holder['process'] => nameOfProcess(pid ?? 0) ?? expect.fail('it has ended');

describe('withLock', () => {
  it('runs one task at a time, and the next one after it', async () => {
    const steps: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      steps.push(`${name} begins`);
      await new Promise(setImmediate);
      steps.push(`${name} ends`);
    };
    await Promise.all([withLock(work('first'), file), withLock(work('second'), file)]);
    expect(steps).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('names the process that holds it in the file, and removes that afterwards', async () => {
    let text = '';
    await withLock(() => {
      text = readFileSync(file, 'utf8');
      return Promise.resolve();
    }, file);
    expect(JSON.parse(text)).toMatchObject({ process: nameOfProcess(process.pid), host: hostname() });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is free again after the task failed', async () => {
    await expect(withLock(() => Promise.reject(new Error('broken')), file)).rejects.toThrow('broken');
    await withLock(nothing, file);
  });

  it('takes over the lock of a process that is gone', async () => {
    // Above the largest process id of Linux.
    lockOf(holderOf({ pid: 2 ** 22 + 1, begun: '1' }));
    await withLock(nothing, file);
    expect(said).toContain('the set-up of process 4194305, begun 2026-01-02 03:04:05 UTC, left behind');
  });

  it('lets one of several processes take over an abandoned lock', async () => {
    lockOf(holderOf({ pid: 2 ** 22 + 1, begun: '1' }));
    const log = join(folder, 'log');
    const program = `
      const { withLock } = await import(${JSON.stringify(new URL('../../scripts/setup/lock.mjs', import.meta.url).href)});
      const { appendFileSync } = await import('node:fs');
      const { setTimeout: wait } = await import('node:timers/promises');
      await withLock(async () => {
        appendFileSync(${JSON.stringify(log)}, 'begins\\n');
        await wait(20);
        appendFileSync(${JSON.stringify(log)}, 'ends\\n');
      }, ${JSON.stringify(file)});`;
    const all = Array.from({ length: 5 }, () => {
      return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    });
    const codes = await Promise.all(all.map(async (child) => Number((await once(child, 'exit'))[0])));
    expect(codes).toEqual([0, 0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('begins\nends\n'.repeat(5));
    expect(readdirSync(folder)).toEqual(['log']);
  });

  it('takes over an abandoned lock although a process was killed while it took over', async () => {
    lockOf(holderOf({ pid: 2 ** 22 + 1, begun: '1' }));
    const taking = `${file}.taking`;
    mkdirSync(taking);
    utimesSync(taking, new Date(0), new Date(0));
    await withLock(nothing, file);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not take over an abandoned lock while another process does so', async () => {
    lockOf(holderOf({ pid: 2 ** 22 + 1, begun: '1' }));
    const taking = `${file}.taking`;
    mkdirSync(taking);
    let worked = false;
    const work = withLock(() => {
      worked = true;
      return Promise.resolve();
    }, file);
    await new Promise((done) => setTimeout(done, 200));
    expect(worked).toBe(false);
    rmSync(taking, { recursive: true });
    await work;
    expect(worked).toBe(true);
  });

  it.skipIf(!existsSync('/proc/self/stat'))(
    'takes over a lock whose process id now belongs to another process',
    async () => {
      const child = sleeping();
      lockOf(holderOf({ ...named(child), begun: '1' }));
      await withLock(nothing, file);
    },
  );

  it('takes over a lock with its own process id that it did not write', async () => {
    lockOf(holderOf(nameOfProcess(process.pid) ?? expect.fail('no process')));
    await withLock(nothing, file);
  });

  it('ends the commands that a killed set-up left running', async () => {
    const child = sleeping();
    const end = once(child, 'exit');
    lockOf({ ...holderOf({ pid: 2 ** 22 + 1, begun: '1' }), commands: [named(child)] });
    await withLock(nothing, file);
    expect(await end).toEqual([null, 'SIGKILL']);
  });

  it('waits for a working process, and says which one and since when', async () => {
    const child = sleeping();
    lockOf(holderOf(named(child)));
    let worked = false;
    const second = withLock(() => {
      worked = true;
      return Promise.resolve();
    }, file);
    await vi.waitFor(() => {
      expect(said).toContain(
        `waiting for the set-up of process ${child.pid ?? 0}, begun 2026-01-02 03:04:05 UTC, (${file})`,
      );
    });
    expect(worked).toBe(false);
    child.kill('SIGKILL');
    await second;
    expect(worked).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['of an older version', '4711'],
    ['of something else', '{"process": null}'],
  ])('takes over, after a moment, a lock that is %s', async (_name, text) => {
    writeFileSync(file, text);
    await withLock(nothing, file, { nameless: 20, faraway: 1e9 });
    expect(said).toContain('taking over the lock that says nothing');
  });

  it('takes over a folder in place of the file', async () => {
    mkdirSync(join(file, 'below'), { recursive: true });
    await withLock(nothing, file, { nameless: 20, faraway: 1e9 });
  });

  it('takes over a lock of another machine only when it has long been untouched', async () => {
    lockOf(holderOf({ pid: process.pid }, 'another boot'));
    await withLock(nothing, file, { nameless: 1e9, faraway: 100 });
    expect(said).toContain(`on ${hostname()}`);
  });

  it('reports at once why it cannot be written', async () => {
    writeFileSync(join(folder, 'occupied'), '');
    const error = await withLock(nothing, join(folder, 'occupied', 'lock')).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(SetupError);
    expect(String(error)).toContain(`${join(folder, 'occupied')} is no folder, expected one.`);
  });
});
