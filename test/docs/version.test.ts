import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const manifest = (path: string): { version: string; dependencies: Record<string, string> } =>
  JSON.parse(read(path)) as { version: string; dependencies: Record<string, string> };
const { version } = manifest('package.json');

it.each([
  ['lab/package.json', () => manifest('lab/package.json').version],
  ['the dependency of the lab', () => manifest('lab/package.json').dependencies['topspark']],
  ['package.xml', () => /<version>(.*)<\/version>/.exec(read('package.xml'))?.[1]],
  ['msgs/package.xml', () => /<version>(.*)<\/version>/.exec(read('msgs/package.xml'))?.[1]],
  ['QUALITY_DECLARATION.md', () => /now (\d+\.\d+\.\d+)/.exec(read('QUALITY_DECLARATION.md'))?.[1]],
  ['docs/cluster.md', () => /image: \S+topspark:(\S+)/.exec(read('docs/cluster.md'))?.[1]],
  ['the newest release in CHANGELOG.md', () => /^## (\d\S*)/m.exec(read('CHANGELOG.md'))?.[1]],
])('%s names the version of package.json', (_, found) => {
  expect(found()).toBe(version);
});
