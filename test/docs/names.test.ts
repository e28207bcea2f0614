import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const files = execFileSync('git', ['ls-files', 'src', 'lab/src'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file.endsWith('.ts') && existsSync(join(root, file)));

/** Whatever occurs more than once. */
function repeated(entries: readonly (readonly [name: string, file: string])[]): string[] {
  const places = new Map<string, string[]>();
  for (const [name, file] of entries) places.set(name, [...(places.get(name) ?? []), file]);
  return [...places].filter(([, all]) => all.length > 1).map(([name, all]) => `${name}: ${all.join(', ')}`);
}

it('no file name occurs twice, except index.ts', () => {
  const names = files.map((file) => [basename(file), file] as const);
  expect(repeated(names.filter(([name]) => name !== 'index.ts'))).toEqual([]);
});

it('no two files export the same name', () => {
  // In AssemblyScript only files are namespaces; what its index.ts exports is the kernel's interface.
  const ours = files.filter((file) => !/\/(kernel|probe)\//.test(file));
  const declared = /^export (?:(?:declare|abstract|async) )*(?:class|function\*?|const|interface|type|let|enum) (\w+)/gm;
  const names = ours.flatMap((file) =>
    [...new Set([...readFileSync(join(root, file), 'utf8').matchAll(declared)].map(([, name = '']) => name))].map(
      (name) => [name, file] as const,
    ),
  );
  expect(names.length).toBeGreaterThan(500);
  expect(repeated(names)).toEqual([]);
});
