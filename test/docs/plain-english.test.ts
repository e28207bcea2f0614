import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Words that nobody needs in a sentence a stranger reads, as words of their own and inside of identifiers. */
const unplain = ['told', 'anew', 'whoever', 'whomever', 'whosoever', 'whereof', 'thereof', 'wherein', 'hereby'];

/** Names that users know and that stay: the value of a parameter, and keys of JSON that commands print. */
const kept: Readonly<Record<string, string>> = {
  'src/node/parameter-table.ts': 'told',
  'lab/src/bench/fuzz.ts': 'told',
  'lab/src/bench/fuzz/fuzz-bags.ts': 'told',
  'lab/src/bench/kill.ts': 'anew',
  'lab/src/bench/kill/run-kills.ts': 'anew',
};

const words = unplain.join('|');
const capitals = unplain.map((word) => `${word[0].toUpperCase()}${word.slice(1)}`).join('|');
const pattern = new RegExp(`(?<![A-Za-z])(?:${words})(?![a-z])|(?:${capitals})(?![a-z])`, 'g');

/** `file:line: word` of each such word in a text. */
export const unplainWords = (file: string, text: string): string[] =>
  text
    .split('\n')
    .flatMap((line, k) =>
      [...line.matchAll(pattern)]
        .map(([word]) => word.toLowerCase())
        .filter((word) => kept[file] !== word)
        .map((word) => `${file}:${k + 1}: ${word}`),
    );

it('finds a word in a sentence, in a name and at its beginning, and not inside of another word', () => {
  const text = 'A fault is told.\nconst mostTold = 1;\nconst toldAll = 2;\nthe retold, a Tolda\n// Whoever asks';
  expect(unplainWords('x', text)).toEqual(['x:1: told', 'x:2: told', 'x:3: told', 'x:5: whoever']);
});

it('code speaks plain English', () => {
  const files = execFileSync('git', ['ls-files', 'src', 'lab/src', 'scripts'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => /\.(?:m?ts|tsx|mjs)$/.test(file) && existsSync(join(root, file)));
  expect(files.length).toBeGreaterThan(500);
  expect(files.flatMap((file) => unplainWords(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
});
