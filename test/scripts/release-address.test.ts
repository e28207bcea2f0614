import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const address = 'https://forge.example/robots/topspark';
const files = ['package.json', 'lab/package.json', 'package.xml', 'msgs/package.xml'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-address-'));
  mkdirSync(join(folder, 'lab'));
  mkdirSync(join(folder, 'msgs'));
  for (const file of [...files, 'scripts']) cpSync(join(root, file), join(folder, file), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]): { status: number | null; stderr: string } =>
  spawnSync(process.execPath, [join(folder, 'scripts/release-address.mjs'), ...args], { encoding: 'utf8' });
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

describe('release-address', () => {
  it('writes the address into every file that contains it, and finds it there', () => {
    expect(run(address)).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(read('package.json'))).toMatchObject({
      repository: { type: 'git', url: `git+${address}.git` },
      homepage: `${address}#readme`,
      bugs: `${address}/issues`,
    });
    expect(JSON.parse(read('lab/package.json'))).toMatchObject({ repository: { directory: 'lab' } });
    for (const file of ['package.xml', 'msgs/package.xml']) {
      expect(read(file)).toContain(`<url type="repository">${address}</url>`);
    }
    expect(run(address, '--check')).toMatchObject({ status: 0, stderr: '' });
  });

  it('changes nothing else, also when another address was there', () => {
    run('https://forge.example/old/place');
    run(address);
    for (const file of ['package.json', 'lab/package.json']) {
      const { repository, homepage, bugs, ...rest } = JSON.parse(read(file)) as Record<string, unknown>;
      expect([repository, homepage, bugs]).not.toContain(undefined);
      const before = JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, unknown>;
      expect({ ...before, ...rest }).toEqual({ ...rest, ...before });
      expect(Object.keys(rest)).toEqual(Object.keys(before).filter((name) => name in rest));
    }
    expect(read('package.xml').match(/<url /g)).toHaveLength(3);
  });

  it('names each file without the address with --check, and writes nothing', () => {
    const before = files.map(read);
    const { status, stderr } = run(address, '--check');
    expect(status).toBe(1);
    for (const file of files) expect(stderr).toContain(`${file} does not name ${address} as its repository`);
    expect(files.map(read)).toEqual(before);
  });

  it.each([[], ['topspark'], ['https://forge.example/'], [address, '--chek']])(
    'refuses %s %s with its usage',
    (...args) => {
      const { status, stderr } = run(...args);
      expect(status).toBe(2);
      expect(stderr).toContain('Usage: node scripts/release-address.mjs ADDRESS');
    },
  );
});
