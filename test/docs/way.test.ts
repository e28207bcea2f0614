import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waysOf } from '../../scripts/way/ways.mjs';

const root = resolve(import.meta.dirname, '../..');
const ways = waysOf(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The files that a file imports. */
function importsOf(file: string): string[] {
  const found = [...read(file).matchAll(/from '(\.[^']+)\.js'/g)].map(([, path = '']) => path);
  return found.map((path) => join(dirname(file), `${path}.ts`));
}

/** Whether the wiring of the node passes one of its functions to the executor, as it does with the stopwatch. */
function isHandedIn(file: string): boolean {
  const wiring = 'src/ros/node-runtime.ts';
  return importsOf(wiring).includes(file) && /node\.onWake = this\.#stages\b/.test(read(wiring)) && /\bStageProfiler\b/.test(read(file));
}

describe.each([
  ['image', 40, 10],
  ['label', 20, Infinity],
  ['battery', 20, Infinity],
  ['parameter', 20, Infinity],
] as const)('the way of a message of kind %s in ARCHITECTURE.md', (kind, most, mostChanges) => {
  const { files, steps, changes } = ways[kind];

  it(`has at most ${most} files`, () => {
    expect(files.length).toBeGreaterThan(9);
    expect(files.length).toBeLessThanOrEqual(most);
  });

  it(`changes the room at most ${mostChanges} times`, () => {
    expect(changes).toBeLessThanOrEqual(mostChanges);
  });

  it.each(steps)('calls $name, which is in $file', ({ file, name }) => {
    expect(existsSync(join(root, file)), file).toBe(true);
    expect(read(file)).toMatch(new RegExp(`\\b${name}\\b *[(<=:]`));
  });

  it.each(files.slice(1))('imports %s in another step', (file) => {
    const others = files.filter((other) => other !== file);
    const tied = others.some((other) => importsOf(other).includes(file)) || importsOf(file).some((each) => others.includes(each));
    expect(tied || isHandedIn(file)).toBe(true);
  });
});
