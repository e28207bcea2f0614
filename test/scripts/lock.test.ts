import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../scripts/setup/lock.mjs';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('withLock', () => {
  it('lets one work at a time, and the next one after it', async () => {
    const steps: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      steps.push(`${name} begins`);
      await new Promise(setImmediate);
      steps.push(`${name} ends`);
    };
    await Promise.all([withLock(work('first'), file), withLock(work('second'), file)]);
    expect(steps).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('takes over the lock of a process that is gone', async () => {
    // Above the largest process id that Linux gives.
    writeFileSync(file, String(2 ** 22 + 1));
    let holder = '';
    await withLock(() => {
      holder = readFileSync(file, 'utf8');
      return Promise.resolve();
    }, file);
    expect(holder).toBe(String(process.pid));
  });

  it('is free again after the work failed', async () => {
    await expect(withLock(() => Promise.reject(new Error('broken')), file)).rejects.toThrow('broken');
    let worked = false;
    await withLock(() => {
      worked = true;
      return Promise.resolve();
    }, file);
    expect(worked).toBe(true);
  });
});
