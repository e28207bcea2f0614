import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paths } from '../../scripts/setup/paths.mjs';
import { kernelFolders, programStage } from '../../scripts/setup/program.mjs';
import { type FakeCheckout, fakeCheckout, workingTools, writeSource } from './fake-checkout.js';

describe('programStage', () => {
  it('is outdated when its type-checked files changed', () => {
    expect(programStage('one').key).toBe(programStage('one').key);
    expect(programStage('one').key).not.toBe(programStage('two').key);
  });
});

describe('kernelFolders', () => {
  it("are those that TypeScript leaves out except the dashboard's page, and ESLint checks them without types", () => {
    const names = kernelFolders().map((folder) => relative(paths.root, folder));
    expect(names).toContain('src/snn/kernel');
    const { exclude } = JSON.parse(readFileSync(join(paths.root, 'tsconfig.json'), 'utf8')) as { exclude: string[] };
    expect(exclude.toSorted()).toEqual([...names, 'src/dashboard/page'].toSorted());
    const eslint = readFileSync(join(paths.root, 'eslint.config.js'), 'utf8');
    for (const name of names) expect(eslint).toContain(`'${name}/**/*.ts'`);
  });
});

describe('npm run build', { timeout: 120_000 }, () => {
  let checkout: FakeCheckout;
  const file = (name: string): string => join(checkout.folder, 'dist', name);
  const inode = (name: string): number => statSync(file(name)).ino;
  const build = (): ReturnType<FakeCheckout['run']> => checkout.run('setup/compile.mjs');
  beforeEach(() => {
    checkout = fakeCheckout();
    workingTools(checkout);
    expect(build()).toEqual({ status: 0, text: '' });
  });
  afterEach(() => {
    rmSync(checkout.folder, { recursive: true });
  });

  it('replaces only changed files, each atomically', () => {
    const [whole, part] = [inode('main.js'), inode('parts/part.js')];
    const old = readFileSync(file('parts/part.js'));
    writeSource(checkout.folder, 'src/parts/part.ts', 'export const part = 2;\n');
    expect(build().status).toBe(0);
    expect(inode('main.js')).toBe(whole);
    expect(inode('parts/part.js')).not.toBe(part);
    expect(readFileSync(file('parts/part.js'))).not.toEqual(old);
  });

  it('writes nothing when there is an error, and names it', () => {
    const old = readFileSync(file('parts/part.js'));
    writeSource(checkout.folder, 'src/parts/part.ts', "export const part: number = 'two';\n");
    const { status, text } = build();
    expect(status).toBe(1);
    expect(text).toMatch(/^src\/parts\/part\.ts\(1,14\): error TS2322: /);
    expect(readFileSync(file('parts/part.js'))).toEqual(old);
    writeSource(checkout.folder, 'src/parts/part.ts', 'export const part = 3;\n');
    expect(build().status).toBe(0);
    expect(readFileSync(file('parts/part.js'), 'utf8')).toContain('part = 3');
  });

  it('removes what was compiled from a deleted source, and the leftovers of a killed build', () => {
    rmSync(join(checkout.folder, 'src', 'parts'), { recursive: true });
    writeSource(checkout.folder, 'src/main.ts', 'export const whole = 1;\n');
    writeFileSync(file('main.js.new'), 'export const who');
    writeFileSync(file('other.wasm'), '');
    expect(build().status).toBe(0);
    expect(existsSync(file('parts/part.js'))).toBe(false);
    expect(existsSync(file('parts/part.d.ts'))).toBe(false);
    expect(existsSync(file('main.js.new'))).toBe(false);
    expect(existsSync(file('other.wasm'))).toBe(true);
  });

  it('compiles everything again when TypeScript was killed while it wrote', () => {
    // It had written a new file but not its build info; then the source was restored.
    writeFileSync(file('main.js'), 'export const whole = 99;\n');
    rmSync(join(checkout.folder, '.ros', 'program', 'program.tsbuildinfo'));
    expect(build().status).toBe(0);
    expect(readFileSync(file('main.js'), 'utf8')).not.toContain('99');
  });
});
