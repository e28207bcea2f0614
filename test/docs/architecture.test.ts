import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
const section = (title: string): string => text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${title}\n`)) ?? '';
const rooms = ['src', 'lab/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`),
);

describe('ARCHITECTURE.md', () => {
  it('names only paths that exist', () => {
    const linked = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, path = '']) => path);
    const quoted = [...text.matchAll(/`((?:src|lab|test|docs|msgs|scripts)\/[\w./-]*)`/g)].map(([, path = '']) => path);
    expect(linked.length).toBeGreaterThan(30);
    expect([...linked, ...quoted].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it.each(rooms)('describes the folder %s', (room) => {
    expect(text).toMatch(new RegExp(`^\\| \\[${room}\\]\\(${room}\\) +\\| \\S`, 'm'));
  });

  it('lists the layers in the order that is checked', () => {
    const [, shown = ''] = /^ {4}(cli → .*)$/m.exec(text) ?? [];
    const config = readFileSync(join(root, '.dependency-cruiser.cjs'), 'utf8');
    const [, list = ''] = /^const layers = \[([^]*?)^\];/m.exec(config) ?? [];
    const layers = [...list.matchAll(/\[(.*?)\]/g)].map(([, names = '']) => names.replaceAll(/[',]/g, '').split(' ').sort());
    expect(shown.split(' → ').map((layer) => layer.split(' ').sort())).toEqual(layers.reverse());
  });

  it('says where each of the ten changes goes', () => {
    const rows = section('Where does this change go?').split('\n').filter((line) => line.startsWith('| '));
    expect(rows.slice(2).length).toBe(10);
    for (const row of rows.slice(2)) expect(row.split('|')[2], row).toMatch(/\]\(|`snapshot`/);
  });

  it('has a glossary whose names are in the code', () => {
    const words = section('Glossary')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2)
      .flatMap((line) => [...(line.split('|')[3] ?? '').matchAll(/`([\w.-]+)`/g)].map(([, word = '']) => word));
    expect(words.length).toBeGreaterThan(20);
    const names = execFileSync('git', ['ls-files', 'src'], { cwd: root, encoding: 'utf8' });
    const code = names
      .split('\n')
      .filter((name) => name.endsWith('.ts') && existsSync(join(root, name)))
      .map((name) => readFileSync(join(root, name), 'utf8'))
      .join('\n');
    expect(words.filter((word) => !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(`${code}\n${names}`))).toEqual([]);
  });

  it('lists exactly the runtime dependencies', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
    const wanted = Object.keys({ ...manifest['dependencies'], ...manifest['optionalDependencies'] });
    const sentence = /Runtime dependencies[^]*?\n\n/.exec(text)?.[0] ?? '';
    expect([...sentence.matchAll(/`([^`]+)`/g)].map((match) => match[1]).sort()).toEqual(wanted.sort());
  });
});
