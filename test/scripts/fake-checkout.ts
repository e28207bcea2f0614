import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const parts = ['scripts', 'msgs', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** A checkout in which nothing was set up, with a PATH that holds `node` and what a test puts there. */
export interface FakeCheckout {
  readonly folder: string;
  /** The only folder on PATH, besides the shell's own. */
  readonly bin: string;
  /** Puts a shell script on PATH. */
  tool(name: string, script: string): void;
  /** Runs one of the scripts to its end. */
  run(
    script: string,
    env?: Readonly<Record<string, string>>,
  ): { readonly status: number | null; readonly text: string };
}

/** Copies of all that the set-up reads; the folder is the caller's to remove. */
export function fakeCheckout(): FakeCheckout {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-setup-'));
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  const kernel = join('src', 'snn', 'kernel', 'asconfig.json');
  cpSync(join(root, kernel), join(folder, kernel));
  const bin = join(folder, 'bin-on-path');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  return {
    folder,
    bin,
    tool(name, script) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    },
    run(script, env = {}) {
      const options = {
        cwd: folder,
        env: { PATH: bin, HOME: folder, ...env },
        encoding: 'utf8',
        timeout: 30_000,
      } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [join('scripts', script)], options);
      return { status, text: stdout + stderr };
    },
  };
}
